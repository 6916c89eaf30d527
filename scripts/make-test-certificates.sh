#!/usr/bin/env bash
# Makes the certificates of the TLS tests anew: Tests/LoadRunnerTests/Fixtures/TLS. They are good for a hundred years and
# worth nothing outside the tests; their keys are no secrets.
#
#   ca.pem             the authority that the others but self-signed.pem come from
#   server.pem         for localhost, 127.0.0.1 and ::1
#   other.pem          for other.example and *.other.example
#   expired.pem        as server.pem, over since 2020
#   self-signed.pem    as server.pem, from nobody
#   server.key         the key of all of these servers
#   client.pem, .key   a client's
#   stranger.pem       a client's from nobody, with the same key
#
# Needs openssl 3.
set -euo pipefail
cd "$(dirname "$0")/../Tests/LoadRunnerTests/Fixtures/TLS"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/ca.cnf" <<CONFIG
[ca]
default_ca = test
[test]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[request]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[local]
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
extendedKeyUsage = serverAuth
[other]
subjectAltName = DNS:other.example, DNS:*.other.example
extendedKeyUsage = serverAuth
[client]
subjectAltName = DNS:client.example
extendedKeyUsage = clientAuth
CONFIG
touch "$work/index"
echo 1000 >"$work/serial"

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# self_signed FILE KEY NAME EXTENSIONS
self_signed() {
    openssl req -new -x509 -config "$work/ca.cnf" -key "$2" -subj "/CN=$3" -extensions "$4" -days 36500 -out "$1"
}

# issued FILE KEY NAME EXTENSIONS FROM TO
issued() {
    openssl req -new -config "$work/ca.cnf" -key "$2" -subj "/CN=$3" -out "$work/request"
    openssl ca -batch -notext -config "$work/ca.cnf" -cert ca.pem -keyfile "$work/ca.key" -extensions "$4" \
        -startdate "$5" -enddate "$6" -in "$work/request" -out "$1" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
}

key "$work/ca.key"
key server.key
key client.key
self_signed ca.pem "$work/ca.key" "Reprise test authority" authority
issued server.pem server.key localhost local 20250101000000Z 21241231235959Z
issued other.pem server.key other.example other 20250101000000Z 21241231235959Z
issued expired.pem server.key localhost local 20190101000000Z 20200101000000Z
issued client.pem client.key client client 20250101000000Z 21241231235959Z
self_signed self-signed.pem server.key localhost local
self_signed stranger.pem client.key stranger client
