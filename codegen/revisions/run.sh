#!/usr/bin/env bash
# Compares revisions of public documents by our diff and by Redocly's, and writes codegen/REVISIONS.md.
#
#   codegen/revisions/run.sh [DIR]     DIR holds clones, tools and documents (default: target/revisions)
#
# Needs cargo, git, python3 and npm. The variable REPOSITORIES names a folder with clones that are there already, each as
# `owner+name`; others are cloned from GitHub. The variable OURS names an `openbanking-codegen` that is built already.
# The documents are not part of this project: the manifest has their commits and hashes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$root/target/revisions}
redocly=2.77.0

mkdir -p "$work"
work=$(cd "$work" && pwd)
if [ ! -x "$work/node_modules/.bin/redocly" ]; then
    npm install --silent --no-save --prefix "$work" "@redocly/cli@$redocly" >&2
fi
if [ -z "${OURS:-}" ]; then
    CARGO_TARGET_DIR="$work/build" cargo build --quiet --release --locked \
        --manifest-path "$root/Cargo.toml" -p openbanking-codegen --features cli
    OURS="$work/build/release/openbanking-codegen"
fi
export OURS REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
exec python3 "$here/revisions.py" --root "$root" --work "$work" --redocly "$redocly"
