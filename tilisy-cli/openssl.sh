#!/usr/bin/env bash
# Lets OpenSSL judge what `tilisy keygen` makes: the key, the certificate, and that they belong together.
#
# Exit codes: 0 it is all right, 1 OpenSSL finds fault, 2 it could not be run.
set -euo pipefail

cannot_run() {
  echo "tilisy-cli/openssl.sh: $1" >&2
  exit 2
}

wrong() {
  echo "tilisy-cli/openssl.sh: $1" >&2
  exit 1
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for tool in cargo openssl; do
  command -v "$tool" >/dev/null || cannot_run "\`$tool\` is missing"
done
cargo build --quiet --locked --manifest-path "$root/Cargo.toml" -p tilisy-cli || cannot_run "the command does not build"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for bits in 2048 3072 4096; do
  key=$folder/$bits.key certificate=$folder/$bits.pem
  HOME=$folder "${CARGO_TARGET_DIR:-$root/target}/debug/tilisy" keygen --bits "$bits" --days 90 \
    --subject 'CN=Jäätelö\, kioski,O=Example Oy,C=FI' --key "$key" --certificate "$certificate" >/dev/null ||
    wrong "keygen failed"
  openssl rsa -in "$key" -check -noout >/dev/null 2>&1 || wrong "the key of $bits bits is not consistent"
  openssl rsa -in "$key" -text -noout 2>/dev/null | grep -q "Private-Key: ($bits bit" || wrong "the key has not $bits bits"
  openssl verify -CAfile "$certificate" "$certificate" >/dev/null || wrong "the certificate does not verify itself"
  openssl x509 -in "$certificate" -noout -checkend $((89 * 86400)) >/dev/null || wrong "it ends before 90 days"
  if openssl x509 -in "$certificate" -noout -checkend $((91 * 86400)) >/dev/null; then wrong "it lasts beyond 90 days"; fi
  subject=$(openssl x509 -in "$certificate" -noout -subject -nameopt RFC2253,-esc_msb)
  [ "$subject" = 'subject=C=FI,O=Example Oy,CN=Jäätelö\, kioski' ] || wrong "the subject is $subject"
  [ "$(openssl x509 -in "$certificate" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout)" ] ||
    wrong "the certificate is of another key"
done
echo "tilisy-cli/openssl.sh: keys and certificates of three sizes, no fault found"
