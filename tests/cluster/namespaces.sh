#!/usr/bin/env bash
# Ranks on two hosts that are network namespaces of this machine, with a link between: the same trees as on one.
#
#   tests/cluster/namespaces.sh EVOTTS [DELAY]      # of the link each way, such as 5ms, where netem is to be had
#
# Exits with 77, "skipped", where this cannot be tried: without root, ip, mpirun, or leave to make namespaces.
set -euo pipefail
evotts=$(realpath "${1:?the program is missing}") delay=${2:-}
fail() { printf 'namespaces: %s\n' "$*" >&2; exit 1; }
skip() { printf 'namespaces: skipped: %s\n' "$*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "only root can make them"
for tool in ip mpirun git unshare; do command -v "$tool" >/dev/null || skip "$tool is not here"; done
[ -f "$(dirname "$evotts")/evotts_mpi.so" ] || skip "the program is built without MPI"

work=$(mktemp -d "${TMPDIR:-/tmp}/evotts-namespaces.XXXXXX")
one=evotts-$$-1 two=evotts-$$-2
cleanup() {
  ip netns delete "$one" 2>/dev/null || true
  ip netns delete "$two" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
{ ip netns add "$one" && ip netns add "$two"; } 2>/dev/null || skip "no network namespaces can be made"
ip link add eva netns "$one" type veth peer name eva netns "$two" 2>/dev/null || skip "no link can be made"
for host in 1 2; do
  ip -n "evotts-$$-$host" addr add "10.77.0.$host/24" dev eva
  ip -n "evotts-$$-$host" link set eva up
  ip -n "evotts-$$-$host" link set lo up
  if [ -n "$delay" ]; then
    ip netns exec "evotts-$$-$host" tc qdisc add dev eva root netem delay "$delay" 2>/dev/null || skip "no netem here"
  fi
done

# What mpirun takes for ssh: a command on another host, which has a name of its own.
cat >"$work/agent" <<AGENT
#!/usr/bin/env bash
while [[ \$1 == -* ]]; do shift; done
host=\${1##*.}
shift
exec ip netns exec "evotts-$$-\$host" unshare --uts bash -c "hostname host\$host; \$*"
AGENT
chmod +x "$work/agent"
cat >"$work/small.toml" <<'TOML'
name = "small"
seed = 3
generations = 3
[environments]
search = ["synthetic:seed=5,questions=6,branches=24"]
[evaluation]
betas = [0, 0.5, 1]
orderings = 30
[objective]
budget_low = 20000
budget_high = 300000
[population]
size = 20
children = 40
TOML
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
network=10.77.0.0/24
timeout 300 ip netns exec "$one" mpirun --mca plm_rsh_agent "$work/agent" --mca plm rsh --mca btl tcp,self \
  --mca btl_tcp_if_include "$network" --mca oob_tcp_if_include "$network" --host 10.77.0.1:1,10.77.0.2:1 -n 2 \
  "$evotts" run "$work/small.toml" --out "$work/two" --trust >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "the run failed"; }
grep -q '2 ranks on 2 hosts' "$work/log" || { cat "$work/log" >&2; fail "the ranks were not on two hosts"; }
"$evotts" run "$work/small.toml" --out "$work/one" --trust >/dev/null 2>&1
[ "$(git -C "$work/one" log --format=%T main)" = "$(git -C "$work/two" log --format=%T main)" ] || fail "other trees"
printf 'namespaces: good\n'
