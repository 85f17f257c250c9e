#!/usr/bin/env bash
# Runs docker-compose.yml, as it is, on a Docker engine of its own in namespaces, with images built here from Debian's packages and from
# this source under other tags: no registry is asked. Prints what ran; nothing is left behind. Root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source=$(cd "$here/../.." && pwd -P)
export PATH=$PATH:/usr/sbin:/sbin DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ "${1:-}" != inside ]; then
  [ "$(id -u)" -eq 0 ] || { echo "run.sh: needs root" >&2; exit 1; }
  work=$(mktemp -d /tmp/ccc-XXXXXX)
  trap 'rm -rf --one-file-system "$work"; find /sys/fs/cgroup -depth -type d -path "*/${work##*/}*" -exec rmdir {} + 2>/dev/null || true' EXIT
  mkdir -p "$work/run" "$work/data"
  mkdir -p "$work/console"
  # CC_COMPOSE_APP: a publish output that is there already.
  if [ -n "${CC_COMPOSE_APP:-}" ]; then cp -r "$CC_COMPOSE_APP" "$work/console/app"; else
    echo "== publishing the console"
    dotnet publish "$source/src/Web" -c Release --self-contained false -o "$work/console/app" -v q -nologo -p:DebugType=none
  fi
  unshare --net --mount --uts --pid --fork --kill-child --mount-proc --propagation private bash "$0" inside "$work" &
  inside=$!
  # With its first process everything in the namespaces ends.
  trap 'kill -KILL $inside 2>/dev/null' TERM INT
  wait $inside
  exit
fi

work=$2
fail() { echo "run.sh: $*" >&2; tail -20 "$work/dockerd.log" >&2; exit 1; }
wait_for() { local end=$((SECONDS + $1)) what=$2; shift 2; until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || fail "$what: not within its time limit"; sleep 0.5; done; }
say() { echo "run.sh: $*" >&2; }
# shellcheck source=/dev/null
. "$source/src/Lab/Scripts/image.sh"

# root_of FOLDER PROGRAM...: busybox, bash, the programs at their own paths, and every library that they name.
root_of() {
  local root=$1 program library
  shift
  busybox_root "$root"
  mkdir -p "$root/usr/local/bin" "$root/etc/ssl"
  cp /bin/bash "$root/bin/bash"
  for program; do
    mkdir -p "$root$(dirname "$program")"
    rm -f "$root$program"
    cp -L "$program" "$root$program"
  done
  for library in $(ldconfig -p | sed -n 's/.* => \(.*lib\(ssl\|crypto\)\.so\.3\)$/\1/p;s/.* => \(.*libnss_\(files\|dns\)\.so\.2\)$/\1/p') \
    $(find "$root" -type f \( -name '*.so' -o -perm -100 \) -exec ldd {} + 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p;s/^\s*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u); do
    case $library in "$root"/*) continue ;; esac
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
}

import() { local name=$1 root=$2; shift 2; tar -C "$root" -c . | docker import "$@" - "$name" >/dev/null; }

echo "== engine"
mount --bind "$work/run" /run
ip link set lo up
hostname compose
echo 1 >/proc/sys/net/ipv4/ip_forward
echo '{}' >"$work/daemon.json"
bash "$source/src/Lab/Scripts/bounded-runtime.sh" >"$work/runc-bounded"
runtime=()
if [ -s "$work/runc-bounded" ]; then chmod +x "$work/runc-bounded"; runtime=(--add-runtime "bounded=$work/runc-bounded" --default-runtime bounded); fi
dockerd --config-file "$work/daemon.json" --data-root "$work/data" --exec-root /run/docker --pidfile /run/docker.pid --host unix:///run/docker.sock \
  --bridge none --iptables=false --ip6tables=false --cgroup-parent "/${work##*/}" "${runtime[@]}" >"$work/dockerd.log" 2>&1 </dev/null &
export DOCKER_HOST=unix:///run/docker.sock
wait_for 60 "dockerd" docker version

echo "== images"
root_of "$work/etcd"
cp -L /usr/bin/etcd /usr/bin/etcdctl "$work/etcd/usr/local/bin/"
for library in $(ldd /usr/bin/etcd /usr/bin/etcdctl | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p;s/^\s*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u); do mkdir -p "$work/etcd$(dirname "$library")"; cp -L "$library" "$work/etcd$library"; done
# etcd 3.2 serves the v2 keys by itself and its etcdctl speaks v2; 3.4 must be told.
import local/etcd:debian "$work/etcd" -c 'ENV ETCD_ENABLE_V2=true ETCDCTL_API=2' -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'

docker_programs=()
for program in dockerd docker containerd containerd-shim-runc-v2 runc docker-init docker-proxy openssl ip sed; do docker_programs+=("$(command -v "$program" || ls /usr/libexec/docker/"$program" /usr/lib/docker/"$program" 2>/dev/null | head -1)"); done
root_of "$work/dind" "${docker_programs[@]}" /usr/sbin/xtables-legacy-multi
cp -r --parents /usr/lib/*/xtables "$work/dind"
for tool in iptables ip6tables; do ln -sf xtables-legacy-multi "$work/dind/usr/sbin/$tool"; done
cp -L /etc/ssl/openssl.cnf "$work/dind/etc/ssl/openssl.cnf"
mkdir -p "$work/dind/usr/lib/ssl" && ln -sf /etc/ssl/openssl.cnf "$work/dind/usr/lib/ssl/openssl.cnf"
[ ! -s "$work/runc-bounded" ] || cp "$work/runc-bounded" "$work/dind/usr/local/bin/runc-bounded"
cp "$here/dind-entrypoint.sh" "$work/dind/usr/local/bin/dockerd-entrypoint.sh"
import local/docker:debian-dind "$work/dind" -c 'ENTRYPOINT ["/bin/bash","/usr/local/bin/dockerd-entrypoint.sh"]' -c 'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

# As the Dockerfile: the published program on the .NET runtime, here this machine's.
dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir -p "$work/console/usr/share/dotnet/shared"
cp -r "$dotnet_root/dotnet" "$dotnet_root/host" "$work/console/usr/share/dotnet/"
for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
  version=$(dotnet --list-runtimes | sed -n "s/^$framework \(10\.[0-9.]*\) .*/\1/p" | sort -V | tail -1)
  mkdir -p "$work/console/usr/share/dotnet/shared/$framework"
  cp -r "$dotnet_root/shared/$framework/$version" "$work/console/usr/share/dotnet/shared/$framework/"
done
root_of "$work/console"
import calico-console:local "$work/console" -c 'ENTRYPOINT ["/usr/share/dotnet/dotnet","CalicoConsole.Web.dll"]' -c 'WORKDIR /app' \
  -c 'ENV ASPNETCORE_URLS=http://0.0.0.0:8080 ConnectionStrings__Console="Data Source=/data/console.db" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'
docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}'

echo "== docker-compose up"
compose() { docker-compose -p compose -f "$source/docker-compose.yml" -f "$here/local-images.yml" "$@"; }
compose up -d --no-build || { docker ps -a; for s in etcd docker01 docker02 console; do echo "-- $s"; compose logs --no-color --tail 25 "$s"; done; fail "docker-compose up"; }
healthy() { [ "$(docker ps --filter health=healthy -q | wc -l)" -eq 4 ]; }
wait_for 180 "four healthy services" healthy
docker ps --format 'table {{.Names}}\t{{.Status}}\t{{.Ports}}'
api() { local method=$1 path=$2; shift 2; curl -sS --max-time 120 -X "$method" -H 'Authorization: Bearer token-of-the-compose-test-0123456789' -H 'Content-Type: application/json' "http://127.0.0.1:8080/api/v1/$path" "$@"; }
feeds_live() { [ "$(api GET status | grep -o '"status":"live"' | wc -l)" -eq 5 ]; }
wait_for 60 "five live feeds" feeds_live
echo "== feeds: $(api GET status | grep -o '"name":"[^"]*","status":"[a-z]*"' | tr '\n' ' ')"
echo "== listening in docker01: $(docker exec compose_docker01_1 netstat -ltn | awk 'NR>2{print $4}' | tr '\n' ' ')"

if [ "${CC_COMPOSE_NODE:-1}" = 1 ]; then
  echo "== the walk-through, with the lab node in the place of calico/node:v2.6.9"
  image_root=$(ls -d "$source"/src/Lab/bin/lab/*/root 2>/dev/null | tail -1) || true
  if [ -z "$image_root" ]; then echo "no lab node image was built here (./lab.sh up makes it): skipped"; else
    busybox_root "$work/busybox"
    for host in docker01 docker02; do
      tar -C "$image_root" -c . | docker exec -i "compose_${host}_1" docker import -c 'CMD ["/app/CalicoConsole.Lab","node"]' -c 'ENV DOTNET_ROOT=/usr/share/dotnet' \
        -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - local/lab-node:1 >/dev/null
      tar -C "$work/busybox" -c . | docker exec -i "compose_${host}_1" docker import -c 'CMD ["sh"]' - busybox:latest >/dev/null
    done
    outcome() { grep -o '"outcome":"[a-zA-Z]*"\|"message":"[^"]*"\|"received":[0-9]*' | head -3 | tr '\n' ' '; echo; }
    for host in docker01 docker02; do echo "deploy on $host: $(api POST "nodes/$host/calico-node" -d '{"image":"local/lab-node:1","noDefaultIpPools":true}' | outcome)"; done
    echo "pool: $(api POST ippools -d '{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"192.0.2.0/24"}}' | outcome)"
    echo "network: $(api POST networks -d '{"host":"docker01","name":"my_net","driver":"calico","ipamDriver":"calico-ipam","subnet":"192.0.2.0/24"}' | outcome)"
    echo "container on docker01: $(api POST containers -d '{"host":"docker01","name":"w2","image":"busybox","command":["sleep","600"],"network":"my_net","ip":"192.0.2.2"}' | outcome)"
    echo "container on docker02: $(api POST containers -d '{"host":"docker02","name":"w3","image":"busybox","command":["sleep","600"],"network":"my_net","ip":"192.0.2.66"}' | outcome)"
    pinged() { api POST containers/w2/ping -d '{"target":"192.0.2.66","count":1}' | grep -q '"received":1'; }
    wait_for 60 "cross-host ping" pinged
    echo "ping from docker01 to docker02: $(api POST containers/w2/ping -d '{"target":"192.0.2.66","count":3}' | outcome)"
  fi
fi
echo "== down"
compose down -v 2>&1 | tail -1
echo "run.sh: the composition ran"
