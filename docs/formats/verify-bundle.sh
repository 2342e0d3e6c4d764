#!/bin/sh
# Verifies one of our bundles that was signed with a P-256 key, without us: openssl and jq, nothing else.
# usage: verify-bundle.sh PUBLIC-KEY.pem BUNDLE.sigstore.json   prints the statement, or fails
set -eu
key=$1 bundle=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ "$(jq '.dsseEnvelope.signatures | length' "$bundle")" = 1 ]
[ "$(jq -r .dsseEnvelope.payloadType "$bundle")" = application/vnd.in-toto+json ]
jq -r .dsseEnvelope.payload "$bundle" | base64 -d >"$work/payload"
jq -r '.dsseEnvelope.signatures[0].sig' "$bundle" | base64 -d >"$work/signature"
# DSSE v1, pre-authentication encoding: type and payload, each with its length.
printf 'DSSEv1 28 application/vnd.in-toto+json %s ' "$(wc -c <"$work/payload" | tr -d ' ')" >"$work/signed"
cat "$work/payload" >>"$work/signed"
openssl dgst -sha256 -verify "$key" -signature "$work/signature" "$work/signed" >&2
cat "$work/payload"
