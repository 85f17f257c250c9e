#!/usr/bin/env bash
# helper-archive.sh ARCHIVE [IMAGE]: the console's helper image as an archive for docker load, from this machine's static busybox and tcpdump with its
# libraries (Debian: busybox-static, tcpdump). Needs neither Docker nor a registry. The same programs give the same bytes.
set -euo pipefail
archive=$1 image=${2:-calico-console/helper:1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{bin,sbin,etc,proc,sys,dev,tmp,root,usr/bin,usr/sbin}
chmod 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list-full); do
  [ "$applet" != bin/busybox ] || continue
  mkdir -p "$root/$(dirname "$applet")"
  ln -sf /bin/busybox "$root/$applet"
done
tcpdump=$(PATH=$PATH:/usr/sbin:/sbin command -v tcpdump)
cp -L "$tcpdump" "$root/usr/bin/tcpdump"
ldd "$tcpdump" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p;s/^\s*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
printf 'root:x:0:0:root:/root:/bin/sh\ntcpdump:x:100:100::/nonexistent:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\ntcpdump:x:100:\n' >"$root/etc/group"
case $(uname -m) in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
same=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner)
mkdir "$work/image"
tar "${same[@]}" -C "$root" -cf "$work/image/layer.tar" .
diff=$(sha256sum "$work/image/layer.tar" | cut -d' ' -f1)
printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"helper-archive.sh"}]}' \
  "$arch" "$diff" >"$work/config.json"
config=$(sha256sum "$work/config.json" | cut -d' ' -f1).json
mv "$work/config.json" "$work/image/$config"
printf '[{"Config":"%s","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$config" "$image" >"$work/image/manifest.json"
mkdir -p "$(dirname "$archive")"
tar "${same[@]}" -C "$work/image" -cf "$archive.new" manifest.json "$config" layer.tar
mv "$archive.new" "$archive"
