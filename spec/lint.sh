#!/usr/bin/env bash
# Checks every OpenAPI document of this folder with three independent linters; any finding fails.
#
#   spec/lint.sh             check all of them
#   spec/lint.sh FILE...     check only these
#
# Exit codes: 0 nothing found, 1 a linter found something, 2 the linters could not be run.
#
# The linters never enter the repository. They are installed once for each set of versions, into
# ${XDG_CACHE_HOME:-$HOME/.cache}/openbanking-spec-lint, and used from there afterwards.
set -euo pipefail

redocly_version=2.77.0
spectral_version=6.16.3
validator_version=0.9.0

# No usage reports, no looking for newer versions.
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
export NO_UPDATE_NOTIFIER=1 npm_config_update_notifier=false PIP_DISABLE_PIP_VERSION_CHECK=1

cannot_run() {
  echo "spec/lint.sh: $1" >&2
  exit 2
}

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

for tool in node npm python3; do
  command -v "$tool" >/dev/null || cannot_run "\`$tool\` is missing (Node.js 20.19 or later with npm, and Python 3.10 or later with venv, are needed)"
done

# A document is what has the key `openapi` at its top level; the rule files beside it have not.
documents=("$@")
if [ ${#documents[@]} -eq 0 ]; then
  for file in "$folder"/*.yaml; do
    if grep -qE '^openapi[[:space:]]*:' "$file"; then documents+=("$file"); fi
  done
fi
[ ${#documents[@]} -gt 0 ] || cannot_run "no OpenAPI document found beside this script"
for file in "${documents[@]}"; do
  [ -r "$file" ] || cannot_run "cannot read \`$file\`"
done

cache_root=${XDG_CACHE_HOME:-$HOME/.cache}/openbanking-spec-lint
tools=$cache_root/redocly-$redocly_version+spectral-$spectral_version+validator-$validator_version

# Installed under another name and then renamed, so that a broken or parallel install is never used.
if [ ! -d "$tools" ]; then
  echo "installing the linters into $tools" >&2
  mkdir -p "$cache_root"
  fresh=$(mktemp -d "$cache_root/installing.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  npm install --prefix "$fresh/node" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error \
    "@redocly/cli@$redocly_version" "@stoplight/spectral-cli@$spectral_version" >&2 ||
    cannot_run "npm could not install Redocly and Spectral"
  python3 -m venv "$fresh/python" >&2 ||
    cannot_run "python3 could not make a virtual environment (is the \`venv\` module installed?)"
  "$fresh/python/bin/python" -m pip install --quiet "openapi-spec-validator==$validator_version" >&2 ||
    cannot_run "pip could not install openapi-spec-validator"
  [ -d "$tools" ] || mv "$fresh" "$tools"
fi

failed=0
# Runs all linters even when the first one finds something: one run, every finding.
check() {
  echo "== $1"
  shift
  "$@" || failed=1
}

check "Redocly $redocly_version, recommended-strict" \
  node "$tools/node/node_modules/@redocly/cli/bin/cli.js" lint --config "$folder/redocly.yaml" "${documents[@]}"
check "Spectral $spectral_version, spectral:oas all" \
  node "$tools/node/node_modules/@stoplight/spectral-cli/dist/index.js" lint --ruleset "$folder/.spectral.yaml" \
  --fail-severity hint "${documents[@]}"
check "openapi-spec-validator $validator_version" \
  "$tools/python/bin/python" -m openapi_spec_validator "${documents[@]}"

if [ "$failed" -ne 0 ]; then
  echo "spec/lint.sh: findings above" >&2
  exit 1
fi
echo "spec/lint.sh: ${#documents[@]} documents, no findings"
