#!/bin/sh
# Makes the certificates of this directory, and the one of the sandbox's development key.
#
# Needs OpenSSL 3. The keys are those of the sandbox and of `enablebanking-core/tests/keys`, so that no new key is committed.
set -eu
cd "$(dirname "$0")"
sandbox=../../../tilisy-sandbox/keys
keys=../../../enablebanking-core/tests/keys
folder="$(mktemp -d)"
trap 'rm -r "$folder"' EXIT

cat >"$folder/ca.cnf" <<END
[ca]
default_ca = tests
[tests]
database = $folder/index
new_certs_dir = $folder
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
END

# A self-signed certificate: KEY NAME OUTPUT, valid from 2020 to 2126. `openssl req -x509` cannot start in the past.
certificate() {
    : >"$folder/index"
    openssl req -new -key "$1" -subj "/CN=$2" -out "$folder/request"
    openssl ca -batch -notext -config "$folder/ca.cnf" -selfsign -keyfile "$1" -in "$folder/request" \
        -startdate 20200101000000Z -enddate 21260101000000Z -out "$3"
}

certificate "$sandbox/development-only.pem" "tilisy-sandbox development only" "$sandbox/development-only.crt"
certificate "$keys/rsa2048.pkcs8.pem" "tests only" other.crt
certificate "$keys/rsa1024.pkcs8.pem" "tests only" rsa1024.crt
certificate "$keys/rsa-pss.pkcs8.pem" "tests only" rsa-pss.crt
certificate "$keys/ec.pkcs8.pem" "tests only" ec.crt
