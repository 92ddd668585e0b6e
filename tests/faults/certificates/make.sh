#!/bin/sh
# Makes the certificates of this directory with OpenSSL 3, valid for a hundred years. Nothing here is used outside tests.
set -eu
cd "$(dirname "$0")"

key() {
    openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1"
}

# A certificate of `authority.pem`: its name, then its subject alternative names.
signed() {
    key "$1.key.pem"
    openssl req -new -key "$1.key.pem" -subj "/O=Tests only/CN=$1" -addext "subjectAltName=$2" |
        openssl x509 -req -days 36500 -CA authority.pem -CAkey authority.key.pem -copy_extensions copy -out "$1.pem"
}

key authority.key.pem
openssl req -new -x509 -days 36500 -key authority.key.pem -subj "/O=Tests only/CN=authority" -out authority.pem
signed loopback 'DNS:localhost,IP:127.0.0.1'
signed other-host 'DNS:bank.example'
rm authority.key.pem

key self-signed.key.pem
openssl req -new -x509 -days 36500 -key self-signed.key.pem -subj "/O=Tests only/CN=self-signed" \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -out self-signed.pem
