#!/bin/bash
# What the entry point of docker:20.10-dind does with DOCKER_TLS_CERTDIR, in short: its own authority, a server's and a client's certificate,
# and dockerd with TLS on 2376. For the image that run.sh builds from Debian's packages.
set -euo pipefail
umask 077
dir=$DOCKER_TLS_CERTDIR
mkdir -p "$dir/ca" "$dir/server" "$dir/client"
if [ ! -s "$dir/server/cert.pem" ]; then
  openssl req -new -x509 -newkey rsa:2048 -nodes -days 800 -subj '/CN=docker:dind CA' -keyout "$dir/ca/key.pem" -out "$dir/ca/cert.pem" 2>/dev/null
  for who in server client; do
    openssl req -new -newkey rsa:2048 -nodes -subj "/CN=docker:dind $who" -keyout "$dir/$who/key.pem" -out "$dir/$who/csr.pem" 2>/dev/null
    if [ "$who" = server ]; then printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1,IP:%s\n' "$(hostname)" "$(hostname -i | cut -d' ' -f1)"; else printf 'extendedKeyUsage=clientAuth\n'; fi >"$dir/$who/ext"
    openssl x509 -req -in "$dir/$who/csr.pem" -CA "$dir/ca/cert.pem" -CAkey "$dir/ca/key.pem" -CAcreateserial -days 800 -extfile "$dir/$who/ext" -out "$dir/$who/cert.pem" 2>/dev/null
    cp "$dir/ca/cert.pem" "$dir/$who/ca.pem"
  done
fi
runtime=()
if [ -x /usr/local/bin/runc-bounded ]; then runtime=(--add-runtime bounded=/usr/local/bin/runc-bounded --default-runtime bounded); fi
exec dockerd --host=unix:///var/run/docker.sock --host=tcp://0.0.0.0:2376 --tlsverify \
  --tlscacert "$dir/server/ca.pem" --tlscert "$dir/server/cert.pem" --tlskey "$dir/server/key.pem" "${runtime[@]}" "$@"
