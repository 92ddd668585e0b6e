#!/usr/bin/env bash
# Drives the pages of a consent in Chromium: `tilisy connect` as people meet it, against a sandbox on this machine.
#
# Exit codes: 0 passed, 1 a scenario failed, 2 it could not be run. Pictures of every step are left in target/browser.
#
# It uses the Chromium that is there ($CHROMIUM, or one on the path) and downloads none. playwright-core, which drives
# it, never enters the repository: it is installed once for each version, into
# ${XDG_CACHE_HOME:-$HOME/.cache}/tilisy-browser, and used from there afterwards.
set -euo pipefail
exec </dev/null

playwright_version=1.65.1

# No looking for newer versions.
export NO_UPDATE_NOTIFIER=1 npm_config_update_notifier=false

cannot_run() {
  echo "tilisy-cli/browser/run.sh: $1" >&2
  exit 2
}

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$folder/../.." && pwd)

for tool in cargo node npm; do
  command -v "$tool" >/dev/null ||
    cannot_run "\`$tool\` is missing (Rust, and Node.js 20.19 or later with npm, are needed)"
done

if [ -n "${CHROMIUM:-}" ]; then
  chromium=$(command -v "$CHROMIUM") || cannot_run "\`$CHROMIUM\`, which CHROMIUM names, is no program"
else
  chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    cannot_run "there is no Chromium (install Debian's package \`chromium\`, or say with CHROMIUM where one is)"
fi

cache_root=${XDG_CACHE_HOME:-$HOME/.cache}/tilisy-browser
playwright=$cache_root/playwright-core-$playwright_version

# Installed under another name and then renamed, so that a broken or parallel install is never used.
if [ ! -d "$playwright" ]; then
  echo "installing playwright-core into $playwright" >&2
  mkdir -p "$cache_root"
  fresh=$(mktemp -d "$cache_root/installing.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  npm install --prefix "$fresh" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error \
    "playwright-core@$playwright_version" >&2 || cannot_run "npm could not install playwright-core"
  [ -d "$playwright" ] || mv "$fresh" "$playwright"
fi

# With the features of the whole workspace, as in its tests, so that nothing is compiled twice.
cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --workspace --bin tilisy || cannot_run "the command does not build"

node "$folder/consent.mjs" --command "${CARGO_TARGET_DIR:-$root/target}/debug/tilisy" --chromium "$chromium" \
  --playwright "$playwright" --pictures "$root/target/browser"
