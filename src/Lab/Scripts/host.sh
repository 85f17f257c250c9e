# Sourced by lab.sh: a Docker host is a network namespace and a process 1 that holds its mount, UTS, IPC and pid namespaces.
# Its root is the machine's, copy on write, so the engine runs with all its default paths and leaves nothing behind.

host_address() {
  local entry
  for entry in "${LAB_HOSTS[@]}"; do [ "${entry%%=*}" = "$1" ] && { echo "${entry#*=}"; return 0; }; done
  return 1
}

host_require() { host_address "$1" >/dev/null || fail "'$1' is no Docker host of this lab: ${LAB_HOSTS[*]%%=*}"; }
host_socket() { echo "$LAB_RUN/$1/run/docker.sock"; }
host_docker() { local name=$1; shift; docker --host "unix://$(host_socket "$name")" "$@"; }

host_enter() {
  local name=$1
  shift
  process_running "$name" || fail "$name is not running"
  nsenter --target "$(cat "$LAB_RUN/$name.pid")" --mount --uts --ipc --net --pid -- "$@"
}

host_running() { process_running "$1" && curl_ping "$(host_socket "$1")"; }

# Does the engine answer? (bash cannot open a unix socket; the docker CLI can.)
curl_ping() { timeout 5 docker --host "unix://$1" version --format '{{.Server.Version}}' >/dev/null 2>&1; }

host_network_up() {
  local name=$1 address=$2
  namespace_add "$name"
  namespace_enter "$name" ip link show eth0 >/dev/null 2>&1 && return 0
  ip link add eth0 netns "$(namespace "$name")" type veth peer name "$name" netns "$(namespace net)"
  namespace_enter net ip link set "$name" master br0 up
  namespace_enter "$name" ip address add "$address/24" dev eth0
  namespace_enter "$name" ip link set eth0 up
  # Without a default route a host never answers ARP for 169.254.1.1 on the containers' interfaces.
  namespace_enter "$name" ip route add default via "$LAB_GATEWAY"
  namespace_set "$name" net/ipv4/ip_forward=1 net/ipv4/conf/all/rp_filter=0 net/ipv4/conf/default/rp_filter=1
}

# The lab host's process 1, and in it the namespaces.
host_boot() {
  local name=$1 outer
  process_running "$name" && return 0
  mkdir -p "$LAB_RUN/$name/run" "$LAB_RUN/$name/root" "$LAB_DIR/$name/docker"
  echo "$LAB_PLUGIN" >"$LAB_RUN/$name/run/lab-plugin"
  echo "$LAB_BGP_TIMERS" >"$LAB_RUN/$name/run/lab-bgp-timers"
  setsid nsenter "--net=/run/netns/$(namespace "$name")" -- unshare --mount --uts --ipc --pid --fork --propagation private \
    bash "$LAB_ROOT/src/Lab/Scripts/host-init.sh" "$name" "$LAB_RUN" "$LAB_DIR" </dev/null >>"$LAB_DIR/$name/log" 2>&1 9>&- &
  outer=$!
  wait_for 60 "$name (log: $LAB_DIR/$name/log)" host_booted "$name" "$outer"
}

# unshare's only child is process 1 of the host; it is ready once it has become docker-init.
host_booted() {
  local child
  child=$(cut -d' ' -f1 "/proc/$2/task/$2/children" 2>/dev/null) || return 1
  [ -n "$child" ] && tr '\0' ' ' <"/proc/$child/cmdline" | grep -q "docker-init.*$LAB_RUN" || return 1
  echo "$child" >"$LAB_RUN/$1.pid"
}

host_start() {
  local name=$1 runtime=()
  host_running "$name" && return 0
  host_network_up "$name" "$(host_address "$name")"
  host_boot "$name"
  host_enter "$name" rm -f /run/docker.pid /run/docker.sock
  ! host_enter "$name" test -x /usr/local/sbin/runc-bounded || runtime=(--add-runtime bounded=/usr/local/sbin/runc-bounded --default-runtime bounded)
  setsid nsenter --target "$(cat "$LAB_RUN/$name.pid")" --mount --uts --ipc --net --pid -- dockerd \
    --cluster-store "etcd://$LAB_GATEWAY:2379" --cluster-advertise "$(host_address "$name"):2376" \
    --bridge none --iptables=false --ip6tables=false --cgroup-parent "/cc-$LAB_ID-$name" "${runtime[@]}" \
    </dev/null >>"$LAB_DIR/$name/log" 2>&1 9>&- &
  wait_for 150 "dockerd on $name (log: $LAB_DIR/$name/log)" host_running "$name"
  host_restart_containers "$name"
}

host_plugin_ready() { [ -S "$LAB_RUN/$1/run/docker/plugins/calico.sock" ] && [ -S "$LAB_RUN/$1/run/docker/plugins/calico-ipam.sock" ]; }

# dockerd starts containers before the plugin's own container serves its sockets, so some fail: wait for the plugin, then start
# those that ran when the host was stopped, and those that are to run always.
host_restart_containers() {
  local name=$1 id before=$LAB_RUN/$1/stopped
  if [ -n "$(host_docker "$name" ps -q -f name=^calico-node$)" ]; then
    wait_for 30 "the plugin's sockets on $name" host_plugin_ready "$name" || true
  fi
  for id in $(host_docker "$name" ps -aq --no-trunc -f status=exited -f status=created); do
    case $(host_docker "$name" inspect -f '{{.HostConfig.RestartPolicy.Name}}' "$id") in
      always | unless-stopped) ;;
      *) grep -q "$id" "$before" 2>/dev/null || continue ;;
    esac
    host_docker "$name" start "$id" >/dev/null || say "$id on $name did not start"
  done
  rm -f "$before"
}

# engine_signal HOST SIGNAL: to dockerd, by its own pid file inside the host.
engine_signal() { host_enter "$1" bash -c 'p=$(cat /run/docker.pid) && tr "\0" " " <"/proc/$p/cmdline" | grep -q "^dockerd " && kill "-$1" "$p"' signal "$2" 2>/dev/null; }
engine_gone() { ! engine_signal "$1" 0; }

# As a careful administrator does it: workloads first, while the plugin still serves, or their endpoints and addresses stay behind.
# ("kill" is the careless way.)
host_stop() {
  process_running "$1" || return 0
  local workloads
  workloads=$(host_docker "$1" ps --no-trunc --format '{{.ID}} {{.Names}}' | sed -n '/ calico-node$/!s/ .*//p')
  if [ -n "$workloads" ]; then
    echo "$workloads" >"$LAB_RUN/$1/stopped"
    # shellcheck disable=SC2086
    host_docker "$1" stop -t 1 $workloads >/dev/null || say "not all containers on $1 stopped"
  fi
  engine_signal "$1" TERM || return 0
  wait_for 40 "dockerd on $1 after SIGTERM" engine_gone "$1"
}

# The bridge forgets the host's port: nothing arrives and nothing tells the host so, as when a switch fails.
host_is_cut() { namespace_exists "$1" && ! namespace_enter net ip -o link show dev "$1" | grep -q 'master br0'; }
host_cut() { namespace_enter net ip link set "$1" nomaster; }
host_heal() { namespace_enter net ip link set "$1" master br0; }

host_kill() {
  process_running "$1" || return 0
  engine_signal "$1" KILL || return 0
  wait_for 10 "dockerd on $1 after SIGKILL" engine_gone "$1"
}

host_pause() { engine_signal "$1" STOP || fail "dockerd on $1 is not running"; }
host_resume() {
  engine_signal "$1" CONT || fail "dockerd on $1 is not running"
  host_entrances_kill "$1" CONT
}

# The nsenter through which dockerd was started waits outside for its end, and stops itself when dockerd is stopped. While it is stopped
# nobody takes dockerd's end in, and a process 1 that was killed waits for that for ever.
host_entrances_kill() {
  local pid
  namespace_exists "$1" || return 0
  for pid in $(ip netns pids "$(namespace "$1")"); do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != nsenter ] || kill "-$2" "$pid" 2>/dev/null || true
  done
}

# With process 1 everything in the host's pid namespace ends, and with the last process its mounts.
host_remove() {
  host_entrances_kill "$1" CONT
  process_end "$1" KILL
  namespace_remove "$1"
}

# Containers that were killed leave their (empty) control groups.
cgroups_remove() {
  local group
  for group in /sys/fs/cgroup/cc-"$LAB_ID"-* /sys/fs/cgroup/*/cc-"$LAB_ID"-*; do
    [ -d "$group" ] || continue
    wait_for 5 "control group $group" bash -c 'find "$1" -depth -type d -exec rmdir {} + 2>/dev/null; [ ! -d "$1" ]' remove "$group" || true
  done
}
