#!/usr/bin/env bash
# A Docker host networked by Calico, for real, inside this machine: etcd and Docker engines in network namespaces.
# Needs root. Everything lives in namespaces, .lab/ and /run/cc-<id>; nothing of the machine's own network is touched.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: ./lab.sh COMMAND
  up                        start what is not running; build the lab node image when its sources changed
  status                    say what runs (exit code 3 when something does not)
  env                       print the console's settings and LAB_NODE_IMAGE as KEY=VALUE lines
  console [ARG...]          run the console against the lab (dotnet run --project src/Web)
  down                      stop and remove everything
  start|stop|kill PART      PART is etcd, forward (the console's way to etcd), a Docker host's name or HOST/CONTAINER; kill is SIGKILL, without a chance to tidy up
  pause|resume PART         freeze it (SIGSTOP: connections stay, nothing is answered) and let it go on
  cut|heal HOST             take a Docker host off the network of the others and of etcd, and put it back
  wipe etcd                 replace etcd by an empty one
  plugin 1.1.2|1.1.3        the libnetwork plugin that the lab node imitates; a running calico-node is restarted
  timers calico|quick       BGP timers of the lab nodes: calico/node's (a silent neighbour is given up after 240 s) or quick ones (9 s);
                            running calico-nodes are restarted
  exec HOST COMMAND...      run a command in a Docker host's namespaces
  docker HOST ARG...        the docker CLI on a host
  etcdctl ARG...            etcdctl (v2 API unless ETCDCTL_API says otherwise)
environment: LAB_ID (default: from the path of this checkout), LAB_DIR (default: .lab), LAB_PLUGIN (default: 1.1.2),
  LAB_BGP_TIMERS (default: calico), LAB_HOSTS_COUNT (for "up": 1 for docker01 alone; default: 2)
TEXT
}

LAB_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
LAB_ID=${LAB_ID:-$(printf %s "$LAB_ROOT" | sha256sum | cut -c1-8)}
LAB_DIR=${LAB_DIR:-$LAB_ROOT/.lab}
LAB_RUN=/run/cc-$LAB_ID
LAB_PLUGIN=${LAB_PLUGIN:-1.1.2}
LAB_BGP_TIMERS=${LAB_BGP_TIMERS:-calico}
LAB_NODE_IMAGE=calico-console/lab-node:v2.6.9-lab
LAB_GATEWAY=192.168.122.1
# One line a Docker host: its name and its address on the lab's bridge.
LAB_HOSTS=(
  docker01=192.168.122.45
  docker02=192.168.122.46
)
LAB_HOSTS_COUNT=${LAB_HOSTS_COUNT:-$(cat "$LAB_RUN/hosts" 2>/dev/null || echo ${#LAB_HOSTS[@]})}
export PATH=$PATH:/usr/sbin:/sbin

for part in common etcd host image; do
  # shellcheck source=/dev/null
  . "$LAB_ROOT/src/Lab/Scripts/$part.sh"
done

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  '' | -h | --help | help) usage; exit 0 ;;
esac
lab_check "$command"
# All of them may be there to be removed, whatever the lab was started with.
[ "$command" = down ] || LAB_HOSTS=("${LAB_HOSTS[@]:0:LAB_HOSTS_COUNT}")
case $command in
  up) lab_locked lab_up ;;
  down) lab_locked lab_down ;;
  status) lab_status ;;
  env) lab_env ;;
  console) lab_console "$@" ;;
  start | stop | kill | pause | resume) lab_locked lab_part "$command" "${1:?name etcd or a Docker host}" ;;
  cut | heal) host_require "${1:?name a Docker host}"; lab_locked "host_$command" "$1" ;;
  wipe) [ "${1:-}" = etcd ] || fail "wipe knows only etcd"; lab_locked etcd_wipe ;;
  plugin) lab_locked lab_plugin "${1:?1.1.2 or 1.1.3}" ;;
  timers) lab_locked lab_timers "${1:?calico or quick}" ;;
  exec) host_require "${1:?name a Docker host}"; name=$1; shift; host_enter "$name" "$@" ;;
  docker) host_require "${1:?name a Docker host}"; name=$1; shift; host_docker "$name" "$@" ;;
  etcdctl) etcd_ctl "$@" ;;
  *) usage >&2; exit 2 ;;
esac
