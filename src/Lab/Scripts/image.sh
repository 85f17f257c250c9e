# Sourced by lab.sh: the published lab program, its image and the busybox image. A hash of the sources says when to build again.

image_hash() {
  (
    cd "$LAB_ROOT"
    find src/Core src/Adapters src/NodeEmulation src/Lab src/Lab/Scripts/image.sh Directory.Build.props Directory.Packages.props global.json \
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

# The file systems of the images, unless they are there already.
image_build() {
  local hash target
  hash=$(cat "$LAB_RUN/image")
  target=$(image_cache)/$hash
  if [ ! -e "$target/root.done" ]; then
    say "assembling $LAB_NODE_IMAGE"
    remove_tree "$target/root"
    image_node_root "$target/root" "$target/app"
    touch "$target/root.done"
  fi
  [ -e "$LAB_DIR/busybox/bin/busybox" ] || busybox_root "$LAB_DIR/busybox"
  # What the console loads onto a host to capture: the lab node itself has no tcpdump, as calico/node has none.
  [ -e "$LAB_DIR/helper.tar" ] || "$LAB_ROOT/src/Lab/Scripts/helper-archive.sh" "$LAB_DIR/helper.tar"
  # Only the newest publish output is of use.
  find "$(image_cache)" -mindepth 1 -maxdepth 1 ! -name "$hash" -exec rm -rf --one-file-system {} +
}

# The lab node's image, unless the host has the one of these sources already.
image_load() {
  local name=$1 hash target
  image_load_busybox "$name"
  hash=$(cat "$LAB_RUN/image")
  target=$(image_cache)/$hash
  [ "$(host_docker "$name" image inspect -f '{{.Config.Labels.sources}}' "$LAB_NODE_IMAGE" 2>/dev/null)" != "$hash" ] || return 0
  tar -C "$target/root" -c . | host_docker "$name" import -c 'CMD ["/app/CalicoConsole.Lab","node"]' -c 'ENV DOTNET_ROOT=/usr/share/dotnet' \
    -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' -c "LABEL sources=$hash" - "$LAB_NODE_IMAGE" >/dev/null
}

# image_node_root FOLDER APP: busybox with its applets at the usual paths (as calico/node has), Debian's real ip, iptables and ipset
# in place of busybox's, Debian's BIRD, the .NET runtime of this machine, and APP.
image_node_root() {
  local root=$1 app=$2 dotnet framework version tool library
  busybox_root "$root"
  mkdir -p "$root/usr/share/dotnet/shared"
  cp -r "$app" "$root/app"
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  cp -r "$dotnet/host" "$root/usr/share/dotnet/"
  for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    version=$(dotnet --list-runtimes | sed -n "s/^$framework \(10\.[0-9.]*\) .*/\1/p" | sort -V | tail -1)
    [ -n "$version" ] || fail "no runtime $framework 10 on this machine"
    mkdir -p "$root/usr/share/dotnet/shared/$framework"
    cp -r "$dotnet/shared/$framework/$version" "$root/usr/share/dotnet/shared/$framework/"
  done
  for tool in ip ipset xtables-legacy-multi bird birdc; do
    rm -f "$root"/{bin,sbin,usr/bin,usr/sbin}/"$tool"
    cp "$(readlink -f "$(command -v "$tool")")" "$root/usr/sbin/$tool"
  done
  for tool in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -sf xtables-legacy-multi "$root/usr/sbin/$tool"
  done
  # Felix is a process of its own by its own name; sv is the part of runit's that people use with calico/node.
  ln -sf /app/CalicoConsole.Lab "$root/usr/bin/calico-felix"
  cat >"$root/usr/bin/sv" <<'SV'
#!/bin/sh
case $2 in /etc/service/enabled/felix) ;; *) echo "fail: $2: unable to change to service directory: file does not exist"; exit 1 ;; esac
pid=$(pidof calico-felix)
case $1 in
  stop | down) touch "$2/down"; [ -z "$pid" ] || kill $pid ;;
  start | up) rm -f "$2/down" ;;
  restart) rm -f "$2/down"; [ -z "$pid" ] || kill $pid ;;
  status) [ -n "$pid" ] && echo "run: $2: (pid $pid)" || { echo "down: $2"; exit 3; } ;;
  *) echo "usage: sv stop|start|restart|status SERVICE"; exit 100 ;;
esac
SV
  chmod +x "$root/usr/bin/sv"
  # calico/node has birdcl, the same client without readline; Debian does not.
  ln -sf birdc "$root/usr/sbin/birdcl"
  # iptables loads its extensions with dlopen: ldd does not name them; nor does it libssl, which .NET loads itself.
  cp -r --parents /usr/lib/*/xtables "$root"
  for library in $(ldconfig -p | sed -n 's/.* => \(.*lib\(ssl\|crypto\)\.so\.3\)$/\1/p;s/.* => \(.*libnss_\(files\|dns\)\.so\.2\)$/\1/p') \
    $(find "$root/usr/sbin" "$root/usr/lib" "$root/app" "$root/usr/share/dotnet" -type f \( -name '*.so' -o -name '*.so.*' -o -name CalicoConsole.Lab -o -path '*/sbin/*' \) -exec ldd {} + 2>/dev/null |
      sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p;s/^\s*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u); do
    case $library in "$root"/*) continue ;; esac
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
}

# busybox:latest from Debian's static build: what the walk-through's containers run.
image_load_busybox() {
  local name=$1 root=$LAB_DIR/busybox
  [ -z "$(host_docker "$name" images -q busybox:latest)" ] || return 0
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
