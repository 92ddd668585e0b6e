#!/usr/bin/env bash
# Sends generated requests to a sandbox of each edition, and checks the responses against the spec of that edition:
# `tilisy-sandbox/schemathesis.sh [EXAMPLES]`, by default enough for 500 requests
#
# Needs Python 3.10 or later with venv. Exit codes: 0 no failure, 1 failures, 2 it could not be run.
set -euo pipefail

schemathesis_version=4.32.5
pyjwt_version=2.15.1

cannot_run() {
  echo "tilisy-sandbox/schemathesis.sh: $1" >&2
  exit 2
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/tilisy-sandbox/schemathesis-$schemathesis_version+pyjwt-$pyjwt_version
work=$(mktemp -d)
sandbox=
trap '[ -z "$sandbox" ] || kill "$sandbox"; rm -rf "$work"' EXIT

# Installed under another name and then renamed, so that a broken install is never used.
if [ ! -d "$tools" ]; then
  mkdir -p "$(dirname "$tools")"
  python3 -m venv "$tools.new" >&2 || cannot_run "python3 could not make a virtual environment"
  "$tools.new/bin/python" -m pip install --quiet "schemathesis==$schemathesis_version" "PyJWT[crypto]==$pyjwt_version" >&2 ||
    cannot_run "pip could not install schemathesis"
  mv "$tools.new" "$tools"
fi

. "$root/tilisy-sandbox/start.sh"
build_sandbox

# Runs the checks for an edition, its spec, and a number of examples for each operation.
check() {
  start_sandbox --edition "$1"

  # The address, and a token as the documentation describes it.
  read -r url token < <("$tools/bin/python" - "$work/started" <<'PYTHON'
import json, sys, time
import jwt
told = json.load(open(sys.argv[1]))
now = int(time.time())
claims = {"iss": "enablebanking.com", "aud": told["audience"], "iat": now, "exp": now + 3600}
key = open(told["key_file"]).read()
print(told["url"], jwt.encode(claims, key, algorithm="RS256", headers={"kid": told["application_id"]}))
PYTHON
  )

  (cd "$work" && "$tools/bin/python" -m schemathesis.cli run "$root/spec/$2" --url "$url" \
    -H "Authorization: Bearer $token" --checks "$checks" --phases examples,coverage,fuzzing \
    --max-examples "$3" --seed 1 --warnings off) || failed=1
  kill "$sandbox"
  wait "$sandbox" 2>/dev/null || true
  sandbox=
}

checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth
failed=0
check current enablebanking.yaml "${1:-10}"
check 2020 tilisy.yaml "${1:-40}"
exit "$failed"
