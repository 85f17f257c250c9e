#!/usr/bin/env bash
# Prints a wrapper around runc that takes from a bundle the capabilities this machine's bounding set does not hold;
# without it "docker run --privileged" fails there. Prints nothing where all are held.
set -euo pipefail
names=(CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST
  NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE
  SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM
  BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE)
bounding=$((16#$(sed -n 's/^CapBnd:\s*//p' /proc/self/status)))
lacking=()
for i in "${!names[@]}"; do (((bounding >> i) & 1)) || lacking+=("CAP_${names[i]}"); done
[ ${#lacking[@]} -gt 0 ] || exit 0
cat <<SCRIPT
#!/usr/bin/env bash
# Lacking here: ${lacking[*]}
lacking='$(IFS='|'; echo "${lacking[*]}")'
SCRIPT
cat <<'SCRIPT'
bound() {
  [ -f "$1" ] && sed -E -i ':again; s/("(bounding|effective|inheritable|permitted|ambient)": ?\[[^]]*)"('"$lacking"')",?/\1/; t again; s/("(bounding|effective|inheritable|permitted|ambient)": ?\[[^]]*),\]/\1]/g' "$1"
}
arguments=("$@")
for ((i = 0; i < $#; i++)); do
  case ${arguments[i]} in
    --bundle | -b) bound "${arguments[i + 1]}/config.json" ;;
    --bundle=*) bound "${arguments[i]#*=}/config.json" ;;
    --process | -p) bound "${arguments[i + 1]}" ;;
    --process=*) bound "${arguments[i]#*=}" ;;
  esac
done
exec runc "$@"
SCRIPT
