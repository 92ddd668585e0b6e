#!/bin/sh
# Makes the keys of this directory and the token signed with one of them.
#
#   make.sh         everything anew
#   make.sh token   only the token, with the key that is here
#
# Needs OpenSSL 3. Nothing here is used outside tests.
set -eu
cd "$(dirname "$0")"

keys() {
    openssl genrsa -traditional -out rsa2048.pkcs1.pem 2048
    openssl pkcs8 -topk8 -nocrypt -in rsa2048.pkcs1.pem -out rsa2048.pkcs8.pem
    openssl rsa -in rsa2048.pkcs1.pem -pubout -out public.pem
    openssl rsa -in rsa2048.pkcs1.pem -RSAPublicKey_out -out public.pkcs1.pem
    openssl req -new -x509 -days 365 -key rsa2048.pkcs1.pem -subj "/C=FI/O=Tests only" -out certificate.pem
    openssl rsa -in rsa2048.pkcs1.pem -traditional -aes256 -passout pass:tests -out encrypted.pkcs1.pem
    openssl pkcs8 -topk8 -in rsa2048.pkcs1.pem -passout pass:tests -out encrypted.pkcs8.pem

    openssl genrsa -traditional -out rsa1024.pkcs1.pem 1024
    openssl pkcs8 -topk8 -nocrypt -in rsa1024.pkcs1.pem -out rsa1024.pkcs8.pem
    openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out rsa-pss.pkcs8.pem
    openssl ecparam -name prime256v1 -genkey -out ec.sec1.pem
    openssl pkcs8 -topk8 -nocrypt -in ec.sec1.pem -out ec.pkcs8.pem
    openssl genpkey -algorithm ed25519 -out ed25519.pkcs8.pem
    ssh-keygen -q -t rsa -b 2048 -N '' -C 'tests only' -f openssh.pem
    rm openssh.pem.pub
}

base64url() {
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# Issued 30 s before 2020-09-30 09:06:38 UTC, for an hour.
token() {
    header='{"typ":"JWT","alg":"RS256","kid":"cf589be3-3755-465b-a8df-a90a16a31403"}'
    claims='{"iss":"enablebanking.com","aud":"api.tilisy.com","iat":1601456768,"exp":1601460368}'
    signed="$(printf %s "$header" | base64url).$(printf %s "$claims" | base64url)"
    signature="$(printf %s "$signed" | openssl dgst -sha256 -sign rsa2048.pkcs1.pem -binary | base64url)"
    printf '%s.%s\n' "$signed" "$signature" >token.jwt
}

[ "${1:-}" = token ] || keys
token
