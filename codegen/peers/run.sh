#!/usr/bin/env bash
# Generates clients for the documents beside this file by several tools, and writes the comparison to codegen/PEERS.md.
#
#   codegen/peers/run.sh [DIR [--large-only]]     DIR holds the tools and all that is built (default: target/peers)
#
# Needs cargo, python3 with pip, and java. Installs the pinned tools into DIR/tools once. A tool that cannot be
# installed gets `?` in its cells. The variable OURS names an `openbanking-codegen` that is
# built already.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$root/target/peers}
ploidy=0.15.0
progenitor=0.15.1
openapi_generator=7.26.0

mkdir -p "$work/tools"
work=$(cd "$work" && pwd)
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$work/build"
install() { # name, version, command
    test -x "$work/tools/bin/$3" && return
    cargo install "$1" --version "=$2" --locked --root "$work/tools" || echo "$1 is not installed" >&2
}
install ploidy "$ploidy" ploidy
install cargo-progenitor "$progenitor" cargo-progenitor
jar="$work/tools/openapi_generator_cli/openapi-generator.jar"
test -f "$jar" || python3 -m pip install --quiet --no-deps --target "$work/tools" \
    "openapi-generator-cli==$openapi_generator" || echo "openapi-generator is not installed" >&2
if [ -z "${OURS:-}" ]; then
    cargo build --quiet --release --locked --manifest-path "$root/Cargo.toml" -p openbanking-codegen --features cli
    OURS="$work/build/release/openbanking-codegen"
fi
export OURS
exec python3 "$here/peers.py" --root "$root" --work "$work" \
    --versions "progenitor=$progenitor" "ploidy=$ploidy" "openapi-generator=$openapi_generator" "${@:2}"
