# Sourced by lab.sh: checks, processes, and the commands that concern the whole lab.

fail() { echo "lab.sh: $*" >&2; exit 1; }
say() { echo "lab.sh: $*" >&2; }

lab_check() {
  [[ $LAB_ID =~ ^[a-z0-9]{1,16}$ ]] || fail "LAB_ID '$LAB_ID' must be 1 to 16 of a-z and 0-9"
  [[ $LAB_DIR = /*/* ]] || fail "LAB_DIR '$LAB_DIR' must be an absolute path below a folder"
  [[ $LAB_DIR != *[:,\ ]* ]] || fail "LAB_DIR '$LAB_DIR' must not hold blanks, commas or colons"
  case $LAB_PLUGIN in 1.1.2 | 1.1.3) ;; *) fail "LAB_PLUGIN '$LAB_PLUGIN' must be 1.1.2 or 1.1.3" ;; esac
  case $LAB_BGP_TIMERS in calico | quick) ;; *) fail "LAB_BGP_TIMERS '$LAB_BGP_TIMERS' must be calico or quick" ;; esac
  [[ $LAB_HOSTS_COUNT =~ ^[0-9]$ ]] && ((LAB_HOSTS_COUNT >= 1 && LAB_HOSTS_COUNT <= ${#LAB_HOSTS[@]})) || fail "LAB_HOSTS_COUNT '$LAB_HOSTS_COUNT' must be 1 to ${#LAB_HOSTS[@]}"
  [ "$(id -u)" -eq 0 ] || fail "'$1' needs root: it makes namespaces and runs Docker engines"
  local pair missing=()
  for pair in ip:iproute2 nsenter:util-linux unshare:util-linux etcd:etcd-server etcdctl:etcd-client dockerd:docker.io \
    docker-init:docker.io runc:runc busybox:busybox-static iptables:iptables ipset:ipset bird:bird birdc:bird tcpdump:tcpdump dotnet:dotnet-sdk-10.0; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair%%:*} (package ${pair##*:})")
  done
  [ ${#missing[@]} -eq 0 ] || fail "missing: ${missing[*]}"
}

# One change of the lab at a time. Background processes must not inherit the lock: they are started with 9>&-.
lab_locked() {
  exec 9>"/run/lock/cc-$LAB_ID.lock"
  flock -w 300 9 || fail "another lab.sh has been busy with lab $LAB_ID for five minutes"
  "$@"
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || { say "$what: not within its time limit"; return 1; }
    sleep 0.05
  done
}

# A pid file is believed only while the process's command line names this lab: pids are reused.
process_running() {
  local pid
  pid=$(cat "$LAB_RUN/$1.pid" 2>/dev/null) && [ -n "$pid" ] && { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qF -- "$LAB_RUN"
}

# A process that ends has no command line any more while it still holds its ports: it is gone when nothing of it is left, or nobody but a zombie.
process_gone() {
  local pid
  process_running "$1" && return 1
  pid=$(cat "$LAB_RUN/$1.pid" 2>/dev/null) && [ -n "$pid" ] && [ -d "/proc/$pid" ] || return 0
  [ -z "$(tr -d '\0' <"/proc/$pid/cmdline" 2>/dev/null)" ] || return 0
  grep -q '^State:[[:space:]]*[ZX]' "/proc/$pid/status" 2>/dev/null && [ "$(ls "/proc/$pid/task" 2>/dev/null | wc -l)" -le 1 ] || [ ! -d "/proc/$pid" ]
}

process_end() {
  local name=$1 signal=${2:-TERM}
  if process_running "$name"; then
    kill "-$signal" "$(cat "$LAB_RUN/$name.pid")" 2>/dev/null || true
    wait_for 10 "$name after SIG$signal" process_gone "$name" || { kill -KILL "$(cat "$LAB_RUN/$name.pid")" 2>/dev/null || true; wait_for 60 "$name after SIGKILL" process_gone "$name"; }
  fi
  rm -f "$LAB_RUN/$name.pid"
}

namespace() { echo "cc-$LAB_ID-$1"; }
namespace_exists() { [ -e "/run/netns/$(namespace "$1")" ]; }
namespace_enter() { local name=$1; shift; nsenter "--net=/run/netns/$(namespace "$name")" -- "$@"; }

# namespace_set NAME KEY=VALUE...: kernel settings below /proc/sys of a namespace.
namespace_set() {
  local name=$1
  shift
  namespace_enter "$name" bash -c 'for p; do echo "${p#*=}" >"/proc/sys/${p%%=*}"; done' set "$@"
}

namespace_add() {
  namespace_exists "$1" && return 0
  ip netns add "$(namespace "$1")"
  # dockerd 20.10 cannot apply the fe80:: route that the plugin gives on a host with IPv6.
  namespace_set "$1" net/ipv6/conf/all/disable_ipv6=1 net/ipv6/conf/default/disable_ipv6=1
  namespace_enter "$1" ip link set lo up
}

# Whoever still lives in a namespace of ours belongs to this lab.
namespace_remove() {
  namespace_exists "$1" || return 0
  local pids
  pids=$(ip netns pids "$(namespace "$1")")
  # shellcheck disable=SC2086
  [ -z "$pids" ] || kill -KILL $pids 2>/dev/null || true
  wait_for 5 "processes in $(namespace "$1")" bash -c '[ -z "$(ip netns pids "$1")" ]' wait "$(namespace "$1")"
  ip netns delete "$(namespace "$1")"
}

bridge_up() {
  namespace_add net
  namespace_enter net ip link show br0 >/dev/null 2>&1 && return 0
  namespace_enter net ip link add br0 type bridge
  namespace_enter net ip address add "$LAB_GATEWAY/24" dev br0
  namespace_enter net ip link set br0 up
  namespace_set net net/ipv4/ip_forward=1
}

# remove_tree FOLDER: never across a mount, never while something is mounted below.
remove_tree() {
  [ -e "$1" ] || return 0
  if grep -qF " $1/" /proc/self/mounts; then fail "$1 still has mounts below it: $(grep -F " $1/" /proc/self/mounts | cut -d' ' -f2 | tr '\n' ' ')"; fi
  rm -rf --one-file-system -- "$1"
}

# each_host FUNCTION: on all hosts at once; fails when one fails.
each_host() {
  local entry process processes=() failed=0
  for entry in "${LAB_HOSTS[@]}"; do
    "$1" "${entry%%=*}" &
    processes+=($!)
  done
  for process in "${processes[@]}"; do wait "$process" || failed=1; done
  [ $failed -eq 0 ] || fail "$1 failed on a host"
}

host_ready() { host_start "$1" && image_load "$1"; }

lab_up() {
  local entry begun=$SECONDS
  mkdir -p "$LAB_RUN" "$LAB_DIR"
  echo "$LAB_ROOT" >"$LAB_RUN/checkout"
  echo "$LAB_HOSTS_COUNT" >"$LAB_RUN/hosts"
  bridge_up
  etcd_start
  image_publish
  forward_start
  image_build
  each_host host_ready
  say "lab $LAB_ID is up after $((SECONDS - begun)) s: ${#LAB_HOSTS[@]} Docker host(s), etcd for the hosts at http://$LAB_GATEWAY:2379"
}

lab_down() {
  local entry name
  process_end forward
  for entry in "${LAB_HOSTS[@]}"; do host_remove "${entry%%=*}"; done
  etcd_remove
  for name in $(ip netns list | sed -n "s/^cc-$LAB_ID-\([a-z0-9]*\).*/\1/p"); do namespace_remove "$name"; done
  cgroups_remove
  remove_tree "$LAB_DIR"
  remove_tree "$LAB_RUN"
  rm -f "/run/lock/cc-$LAB_ID.lock"
  say "lab $LAB_ID is gone"
}

lab_status() {
  local entry name node state all=0
  line() { printf '%-22s %-8s %s\n' "$1" "$2" "$3"; }
  state=running; etcd_running || { state=stopped all=3; }
  line etcd $state "http://$LAB_GATEWAY:2379 inside the lab"
  state=running; process_running forward || { state=stopped all=3; }
  line forward $state "$(etcd_endpoint) to etcd"
  for entry in "${LAB_HOSTS[@]}"; do
    name=${entry%%=*} state=running node=absent
    host_running "$name" || { state=stopped all=3; }
    ! host_is_cut "$name" || { state=cut all=3; }
    line "$name" $state "${entry#*=}, unix://$(host_socket "$name")"
    [ $state != stopped ] || continue
    node=$(host_docker "$name" inspect -f '{{.State.Status}}' calico-node 2>/dev/null) || node=absent
    line "$name calico-node" "$node" "plugin $(cat "$LAB_RUN/$name/run/lab-plugin"), BGP timers $(cat "$LAB_RUN/$name/run/lab-bgp-timers")"
  done
  return $all
}

lab_env() {
  local entry index=0
  echo "Cluster__Kind=lab"
  echo "ETCD_ENDPOINTS=$(etcd_endpoint)"
  for entry in "${LAB_HOSTS[@]}"; do
    echo "Docker__Hosts__${index}__Name=${entry%%=*}"
    echo "Docker__Hosts__${index}__Endpoint=unix://$(host_socket "${entry%%=*}")"
    index=$((index + 1))
  done
  echo "Helpers__ImageArchive=$LAB_DIR/helper.tar"
  echo "LAB_ID=$LAB_ID"
  echo "LAB_NODE_IMAGE=$LAB_NODE_IMAGE"
  echo "LAB_ETCD_FROM_HOSTS=http://$LAB_GATEWAY:2379"
}

lab_console() {
  local line
  while IFS= read -r line; do export "${line?}"; done < <(lab_env)
  exec dotnet run --project "$LAB_ROOT/src/Web" -- "$@"
}

lab_part() {
  case $2 in
    etcd | forward) "$2_$1" ;;
    */*) host_require "${2%%/*}"; container_part "$1" "${2%%/*}" "${2#*/}" ;;
    *) host_require "$2"; "host_$1" "$2" ;;
  esac
}

# A container, such as docker02/calico-node.
container_part() {
  case $1 in
    stop) host_docker "$2" stop -t 5 "$3" >/dev/null ;;
    start | kill) host_docker "$2" "$1" "$3" >/dev/null ;;
    *) fail "$1 knows only etcd, forward and Docker hosts" ;;
  esac
}

lab_plugin() {
  LAB_PLUGIN=$1
  lab_check plugin
  each_host host_node_settings
}

lab_timers() {
  LAB_BGP_TIMERS=$1
  lab_check timers
  each_host host_node_settings
}

# Only what was asked for changes: the other setting stays as the host has it.
host_node_settings() {
  local name=$1
  [ "$command" != plugin ] || echo "$LAB_PLUGIN" >"$LAB_RUN/$name/run/lab-plugin"
  [ "$command" != timers ] || echo "$LAB_BGP_TIMERS" >"$LAB_RUN/$name/run/lab-bgp-timers"
  if host_running "$name" && [ "$(host_docker "$name" ps -q -f name=^calico-node$)" ]; then
    host_docker "$name" restart -t 2 calico-node >/dev/null
    wait_for 20 "the plugin's sockets on $name" host_plugin_ready "$name"
  fi
}
