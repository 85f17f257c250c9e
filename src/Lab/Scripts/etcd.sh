# Sourced by lab.sh: etcd in the bridge's namespace, and the loopback forward by which the console reaches it.

etcd_running() { process_running etcd && namespace_enter net etcdctl --endpoints "http://$LAB_GATEWAY:2379" endpoint health 2>&1 | grep -q 'is healthy'; }

# For the forward. etcd 3.4 accepts a socket only as host:port, and makes it by that name in its working folder.
etcd_socket() { echo "$LAB_RUN/etcd:0"; }

# In memory and ahead of others: Docker gives its store three seconds for an answer, and a disk that somebody else keeps busy holds an fsync for longer.
etcd_memory() {
  mkdir -p "$LAB_RUN/etcd"
  mountpoint -q "$LAB_RUN/etcd" || mount -t tmpfs -o size=1g,mode=700 cc-lab-etcd "$LAB_RUN/etcd"
}

etcd_start() {
  process_running etcd && return 0
  mkdir -p "$LAB_DIR/etcd"
  rm -f "$(etcd_socket)"
  etcd_memory
  setsid env -C "$LAB_RUN" nsenter "--net=/run/netns/$(namespace net)" -- nice -n -10 etcd --name lab --data-dir "$LAB_RUN/etcd/data" --enable-v2 \
    --listen-client-urls "http://$LAB_GATEWAY:2379,unix://etcd:0" --advertise-client-urls "http://$LAB_GATEWAY:2379" \
    --listen-peer-urls "http://$LAB_GATEWAY:2380" --initial-advertise-peer-urls "http://$LAB_GATEWAY:2380" \
    --initial-cluster "lab=http://$LAB_GATEWAY:2380" --initial-cluster-token "$LAB_ID-$(date +%s%N)" \
    </dev/null >>"$LAB_DIR/etcd/log" 2>&1 9>&- &
  echo $! >"$LAB_RUN/etcd.pid"
  wait_for 60 "etcd (log: $LAB_DIR/etcd/log)" etcd_running
}

etcd_stop() { process_end etcd; }
etcd_kill() { process_end etcd KILL; }
etcd_pause() { process_running etcd || fail "etcd is not running"; kill -STOP "$(cat "$LAB_RUN/etcd.pid")"; }
etcd_resume() { process_running etcd || fail "etcd is not running"; kill -CONT "$(cat "$LAB_RUN/etcd.pid")"; }
etcd_wipe() { etcd_kill; rm -rf --one-file-system -- "$LAB_RUN/etcd/data"; etcd_start; }
etcd_remove() { process_end etcd KILL; ! mountpoint -q "$LAB_RUN/etcd" || umount -l "$LAB_RUN/etcd"; }

etcd_ctl() {
  namespace_exists net || fail "the lab is not up"
  ETCDCTL_API=${ETCDCTL_API:-2} nsenter "--net=/run/netns/$(namespace net)" -- etcdctl --endpoints "http://$LAB_GATEWAY:2379" "$@"
}

# The forward's port: as before while it is known, else the first free one from a start that depends on the lab's id.
etcd_port() {
  if [ ! -s "$LAB_RUN/etcd.port" ]; then
    local port=$((20000 + 0x$(printf %s "$LAB_ID" | sha256sum | cut -c1-4) % 10000))
    mkdir -p "$LAB_RUN"
    while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port" >"$LAB_RUN/etcd.port"
  fi
  cat "$LAB_RUN/etcd.port"
}

etcd_endpoint() { echo "http://127.0.0.1:$(etcd_port)"; }

forward_answers() { (: <"/dev/tcp/127.0.0.1/$(etcd_port)") 2>/dev/null; }

forward_start() {
  process_running forward && return 0
  setsid dotnet "$(image_publish_dir)/CalicoConsole.Lab.dll" forward "127.0.0.1:$(etcd_port)" "$(etcd_socket)" \
    </dev/null >>"$LAB_DIR/forward.log" 2>&1 9>&- &
  echo $! >"$LAB_RUN/forward.pid"
  wait_for 60 "the forward to etcd (log: $LAB_DIR/forward.log)" forward_answers
}

forward_stop() { process_end forward; }
forward_kill() { process_end forward KILL; }
forward_pause() { process_running forward || fail "the forward to etcd is not running"; kill -STOP "$(cat "$LAB_RUN/forward.pid")"; }
forward_resume() { process_running forward || fail "the forward to etcd is not running"; kill -CONT "$(cat "$LAB_RUN/forward.pid")"; }
