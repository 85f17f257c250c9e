# Sourced by lab.sh: the published lab program, its image and the busybox image. A hash of the sources says when to build again.

image_hash() {
  (
    cd "$LAB_ROOT"
    find src/Core src/Adapters src/NodeEmulation src/Lab Directory.Build.props Directory.Packages.props global.json \
      \( -name bin -o -name obj -o -path src/Lab/Scripts -o -name '*.md' \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12
  )
}

# A build output like bin/: it outlives the lab, so that the next "up" need not build.
image_cache() { echo "$LAB_ROOT/src/Lab/bin/lab"; }
image_publish_dir() { echo "$(image_cache)/$(cat "$LAB_RUN/image")/app"; }

image_publish() {
  local hash target
  hash=$(image_hash)
  target=$(image_cache)/$hash
  if [ ! -e "$target/done" ]; then
    say "publishing src/Lab ($hash)"
    remove_tree "$target"
    mkdir -p "$target"
    dotnet publish "$LAB_ROOT/src/Lab" -c Release -r linux-x64 --self-contained false -o "$target/app" -v q -nologo \
      -p:UseSharedCompilation=false -p:DebugType=none -p:EnforceCodeStyleInBuild=false >"$target/log" 2>&1 || { cat "$target/log" >&2; fail "src/Lab does not build"; }
    touch "$target/done"
  fi
  echo "$hash" >"$LAB_RUN/image"
}

image_has() { host_docker "$1" image inspect -f '{{.Config.Labels.sources}}' "$2" 2>/dev/null; }

image_load() {
  image_load_busybox "$1"
}

# busybox:latest from Debian's static build: what the walk-through's containers run.
image_load_busybox() {
  local name=$1 root=$LAB_DIR/busybox
  [ -z "$(host_docker "$name" images -q busybox:latest)" ] || return 0
  busybox_root "$root"
  tar -C "$root" -c . | host_docker "$name" import -c 'CMD ["sh"]' - busybox:latest >/dev/null
}

# busybox_root FOLDER: a root file system of busybox with its applets as links.
busybox_root() {
  local applet
  mkdir -p "$1"/{bin,sbin,etc,proc,sys,dev,tmp,root,run,var,usr/bin,usr/sbin,usr/lib}
  chmod 1777 "$1/tmp"
  cp "$(command -v busybox)" "$1/bin/busybox"
  for applet in $(busybox --list-full); do
    [ "$applet" != bin/busybox ] || continue
    mkdir -p "$1/$(dirname "$applet")"
    ln -sf /bin/busybox "$1/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\n' >"$1/etc/group"
}
