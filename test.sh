#!/usr/bin/env bash
# Installs what the tests need when it is missing, builds, checks the formatting and runs every test.
# Last line: "N passed, N failed[, N skipped]", summed from the test runner's own counts.
# Usage: ./test.sh [test project ...]     for example ./test.sh Core.Tests
#        ./test.sh --quick [test project ...]   what needs neither root nor programs beside .NET, in under two minutes; formatting is left out too
set -uo pipefail
cd "$(dirname "$0")" || exit 1
root=$PWD

quick=0
[ "${1:-}" != --quick ] || { quick=1; shift; }

install_missing() {
  local wanted=() pair
  for pair in etcd:etcd-server etcdctl:etcd-client dockerd:docker.io docker-compose:docker-compose busybox:busybox-static \
    bird:bird ip:iproute2 iptables:iptables ipset:ipset tcpdump:tcpdump chromium:chromium nsenter:util-linux \
    nginx:nginx caddy:caddy flock:util-linux; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null 2>&1 || wanted+=("${pair##*:}")
  done
  # What pages load on first use is bundled from npm. Where there is a Node.js, it has an npm of its own.
  command -v node >/dev/null 2>&1 || wanted+=(nodejs npm)
  [ ${#wanted[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "test.sh: missing packages: ${wanted[*]}. Install them (root on Debian is needed), then run this again." >&2
    return 1
  fi
  echo "test.sh: installing ${wanted[*]}"
  # Debian starts services on installation where systemd runs; the tests start their own, elsewhere.
  local policy=/usr/sbin/policy-rc.d made=0 status
  if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1; fi
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/tmp/calico-console-apt.log 2>&1
  status=$?
  [ "$made" -eq 1 ] && rm -f "$policy"
  [ "$status" -eq 0 ] || { tail -20 /tmp/calico-console-apt.log >&2; return 1; }
}

fail_early() { echo "test.sh: $1" >&2; echo "0 passed, 1 failed"; exit 1; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PATH=$PATH:/usr/sbin:/sbin
[ "$quick" -eq 1 ] || install_missing || fail_early "the packages that the tests need are not there"
solution=CalicoConsole.sln
[ "$quick" -eq 0 ] || solution=tests/Quick.slnf
dotnet restore "$solution" --locked-mode -v q || fail_early "restore failed (a lock file does not match?)"
dotnet build "$solution" --no-restore -v q -p:UseSharedCompilation=true || fail_early "build failed"
# The build goes on without them; the tests do not. A registry that was busy is asked once more.
bundled() { [ -s src/Web/obj/browser/wwwroot/bundles/yaml-editor.js ]; }
[ "$quick" -eq 1 ] || bundled || dotnet build "$solution" --no-restore -v q -p:UseSharedCompilation=true || fail_early "build failed"
[ "$quick" -eq 1 ] || bundled || fail_early "the bundles of browser/ were not built (see the build's warning)"

results=$root/TestResults
rm -rf "$results" && mkdir -p "$results"
status=0
modules=("$@") only=()
# Marks of tests that the quick run leaves out: [NeedsPrograms] and [TakesLong] in tests/Shared.
[ "$quick" -eq 0 ] || only=(--filter-not-trait needs=programs needs=time)
if [ ${#modules[@]} -eq 0 ]; then
  modules=(Core.Tests Adapters.Tests NodeEmulation.Tests Sandbox.Tests Web.Tests)
  [ "$quick" -eq 1 ] || modules+=(Integration.Tests E2E.Tests)
fi

# Runs a project, or as NAME.PART what further arguments choose of it; what it said is shown in one piece, because two run at once. A line of an
# answer may be the whole cluster, hence the cut.
suite() {
  local began=$SECONDS name=$1 log=$results/$1.log
  shift
  echo "-- $name"
  dotnet test --project "tests/${name%.Pages}" --no-build --report-xunit-trx --report-xunit-trx-filename "$name.trx" \
    --results-directory "$results" --timeout 40m "${only[@]}" "$@" </dev/null >"$log" 2>&1 || touch "$results/$name.failed"
  printf '%s\n' "== $name: $((SECONDS - began)) s" "$(cut -c1-1000 "$log")"
}

# White space only: style and analysers are errors of the build (EnforceCodeStyleInBuild, TreatWarningsAsErrors).
format() {
  local began=$SECONDS log=$results/format.log
  dotnet format whitespace CalicoConsole.sln --no-restore --verify-no-changes --exclude '**/Migrations/*' >"$log" 2>&1 || touch "$results/format.failed"
  printf '%s\n' "== formatting: $((SECONDS - began)) s" "$(cut -c1-300 "$log" | tail -20)"
}

# Two cores carry two things at once: what needs no lab, the formatting and the pages that are only looked at beside Integration, which mostly waits for
# engines; the rest of E2E is two by itself.
chosen() { [[ " ${modules[*]} " == *" $1 "* ]]; }
pages=('*.FabricPagesTests' '*.HostilePagesTests')
if [ "$quick" -eq 1 ]; then
  for module in "${modules[@]}"; do suite "$module" & done
  wait
else
  ! chosen E2E.Tests || modules+=(E2E.Tests.Pages)
  (
    format
    for module in "${modules[@]}"; do case $module in Integration.Tests | E2E.Tests*) ;; *) suite "$module" ;; esac; done
    ! chosen E2E.Tests || suite E2E.Tests.Pages --filter-class "${pages[@]}"
  ) &
  beside=$!
  ! chosen Integration.Tests || suite Integration.Tests
  wait "$beside"
  ! chosen E2E.Tests || suite E2E.Tests --filter-not-class "${pages[@]}"
fi

# The name of each failed test with the beginning of what it says.
failures() {
  awk 'BEGIN { RS = "<" }
    /^UnitTestResult / { name = ""; if (/ outcome="Failed"/ && match($0, / testName="[^"]*"/)) name = substr($0, RSTART + 11, RLENGTH - 12) }
    /^Message>/ && name != "" { text = substr($0, 9); gsub(/(\r|\n|&#x[AD];)+ */, " ", text); said[name] = text }
    name != "" && !(name in said) { said[name] = "" }
    END { for (n in said) print n ": " said[n] }' "$1" |
    sed "s/&lt;/</g;s/&gt;/>/g;s/&quot;/\"/g;s/&apos;/'/g;s/&amp;/\&/g" | cut -c1-300 | sort
}

# Real engines and browsers have limits that are not ours to set: Docker gives its store three seconds, and a machine may stall for longer. A test of such a
# suite that failed is run once more, by itself; both runs are told. More than three failures are not chance, and pure tests have no second try.
again() {
  local module=$1 report=$2 names
  case $module in Adapters.Tests | Sandbox.Tests | Integration.Tests | E2E.Tests*) ;; *) return 1 ;; esac
  mapfile -t names < <(failures "$report" | sed -E 's/^([A-Za-z0-9_.+]+).*/\1/' | sort -u)
  [ ${#names[@]} -gt 0 ] && [ ${#names[@]} -le 3 ] || return 1
  failures "$report" | sed 's/^/failed at first: /'
  dotnet test --project "tests/${module%.Pages}" --no-build --report-xunit-trx --report-xunit-trx-filename "$module.again.trx" \
    --results-directory "$results" --timeout 20m --filter-method "${names[@]}" </dev/null >"$results/$module.again.log" 2>&1 ||
    { failures "$results/$module.again.trx" | sed 's/^/failed again, alone: /'; return 1; }
  printf 'passed at the second try, alone: %s\n' "${names[@]}"
}

# <Counters total=".." passed=".." failed=".." error=".." notExecuted=".."> of each report.
passed=0 failed=0 skipped=0 second=0
[ ! -e "$results/format.failed" ] || { failed=1; echo "failed: dotnet format would change something: run it and commit"; }
for module in "${modules[@]}"; do
  counters=$(grep -o '<Counters [^>]*>' "$results/$module.trx" 2>/dev/null | head -1)
  if [ -z "$counters" ]; then echo "failed: $module left no report"; failed=$((failed + 1)); status=1; continue; fi
  count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  total=$(count total) p=$(count passed) f=$(count failed) e=$(count error)
  skipped=$((skipped + total - p - f - ${e:-0}))
  if [ "$quick" -eq 0 ] && [ "${e:-0}" -eq 0 ] && [ "$f" -gt 0 ] && again "$module" "$results/$module.trx"; then
    passed=$((passed + p + f)) second=$((second + f))
    continue
  fi
  passed=$((passed + p)) failed=$((failed + f + ${e:-0}))
  if [ -e "$results/$module.failed" ] && [ $((f + ${e:-0})) -eq 0 ]; then echo "failed: $module ended with an error outside of its tests"; failed=$((failed + 1)); fi
  [ $((f + ${e:-0})) -eq 0 ] || failures "$results/$module.trx" | sed 's/^/failed: /' | head -40
done
[ "$passed" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
[ "$second" -eq 0 ] || echo "$second of them passed only at the second try: named above, to be mended"
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
exit $status
