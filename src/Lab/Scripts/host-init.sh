#!/usr/bin/env bash
# Becomes process 1 of a lab host: runs in fresh mount, UTS, IPC and pid namespaces. Arguments: host name, LAB_RUN, LAB_DIR.
set -euo pipefail
name=$1 run=$2 dir=$3
hostname "$name"
layers=$run/$name/root
mount -t tmpfs -o mode=755 cc-lab "$layers"
mkdir "$layers/upper" "$layers/work" "$layers/root"
mount -t overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" cc-lab "$layers/root"
cd "$layers/root"
mkdir -p var/lib/docker var/log/calico lib/modules etc/docker usr/local/sbin .machine
# Not the machine's own settings, keys or logs of a Docker that may be installed there.
echo '{}' >etc/docker/daemon.json
rm -f etc/docker/key.json
echo "$name" >etc/hostname
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount --bind "$run/$name/run" run
mount --bind "$dir/$name/docker" var/lib/docker
if [ -d /lib/modules ]; then mount --rbind /lib/modules lib/modules; fi
bash "${BASH_SOURCE[0]%/*}/bounded-runtime.sh" >usr/local/sbin/runc-bounded
if [ -s usr/local/sbin/runc-bounded ]; then chmod +x usr/local/sbin/runc-bounded; else rm usr/local/sbin/runc-bounded; fi
pivot_root . .machine
umount -l /.machine
rmdir /.machine
cd /
exec docker-init -s -- bash -c 'exec sleep infinity' "$run/$name"
