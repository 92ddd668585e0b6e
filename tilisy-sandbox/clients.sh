#!/usr/bin/env bash
# Runs clients of the Enable Banking API that others wrote, as PyPI has them, against a sandbox.
#
#   tilisy-sandbox/clients.sh                     run all of them
#   tilisy-sandbox/clients.sh enablebanking_sdk   run one: clients/drive_enablebanking_sdk.py
#
# Prints a line per check. Exit codes: 0 all passed, 1 a check failed, 2 it could not be run.
#
# The clients never enter the repository: the versions and hashes in clients/requirements.txt are installed once, into
# ${XDG_CACHE_HOME:-$HOME/.cache}/tilisy-sandbox. Needs Python 3.11 or later with venv.
set -euo pipefail
exec </dev/null

cannot_run() {
  echo "tilisy-sandbox/clients.sh: $1" >&2
  exit 2
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
clients=$root/tilisy-sandbox/clients
drivers=()
for name in "${@:-*}"; do
  # Not quoted: `*` stands for all drivers.
  drivers+=("$clients"/drive_$name.py)
done
for driver in "${drivers[@]}"; do
  [ -f "$driver" ] || cannot_run "there is no $driver"
done

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || cannot_run "Python 3.11 or later is needed"
pinned=$(cat "$clients/build.txt" "$clients/requirements.txt" <(python3 --version) | sha256sum | cut -c 1-16)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/tilisy-sandbox/clients-$pinned
work=$(mktemp -d)
sandbox=
trap '[ -z "$sandbox" ] || kill "$sandbox"; rm -rf "$work"' EXIT

# Installed under another name and then renamed, so that a broken install is never used. leggen declares Python 3.13,
# but its API service runs on older ones.
if [ ! -d "$tools" ]; then
  mkdir -p "$(dirname "$tools")"
  rm -rf "$tools.new"
  python3 -m venv "$tools.new" >&2 || cannot_run "python3 could not make a virtual environment"
  install=("$tools.new/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes)
  "${install[@]}" -r "$clients/build.txt" >&2 || cannot_run "pip could not install the build backend"
  "${install[@]}" --no-build-isolation --ignore-requires-python -r "$clients/requirements.txt" >&2 ||
    cannot_run "pip could not install the clients"
  mv "$tools.new" "$tools"
fi

. "$root/tilisy-sandbox/start.sh"
build_sandbox
start_sandbox --auto-approve

# No proxy in between, and no byte code beside the drivers.
export NO_PROXY=127.0.0.1 PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
for driver in "${drivers[@]}"; do
  code=0
  "$tools/bin/python" "$driver" "$work/started" >"$work/lines" || code=$?
  cat "$work/lines"
  # One that raised outside of a step printed no line.
  [ "$code" = 0 ] || grep -q '^failed' "$work/lines" || echo "failed  ${driver##*/}: it ended with exit code $code"
done | tee "$work/all"

failed=$(grep -c '^failed' "$work/all" || true)
passed=$(grep -c '^ok' "$work/all" || true)
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" = 0 ]
