#!/usr/bin/env bash
# The Debian packages, installed by apt into a clean root where nothing of evotts or its build has ever been.
#
#   tests/package/debian.sh BUILD_FOLDER
#
# Exits with 77, "skipped", where this cannot be tried: without root, mmdebstrap, or the mirror.
set -euo pipefail
build=$(cd "${1:?the build folder is missing}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/evotts-debian.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"  # apt reads the packages as a user of its own

fail() { printf 'package: %s\n' "$*" >&2; exit 1; }
skip() { printf 'package: skipped: %s\n' "$*" >&2; exit 77; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "failed: $*"; }; }

for tool in dpkg-deb dpkg-shlibdeps mmdebstrap; do
  command -v "$tool" >/dev/null || skip "$tool is not here"
done
[ "$(id -u)" = 0 ] || skip "only root can make a clean root"

quietly cpack --config "$build/CPackConfig.cmake" -B "$work/packages"
program=$(compgen -G "$work/packages/evotts_*.deb") || fail "cpack made no package of the program"
library=$(compgen -G "$work/packages/libevotts-dev_*.deb") || fail "cpack made no package of the library"
several=$(compgen -G "$work/packages/evotts-mpi_*.deb" || true)  # none where the build has no MPI
for package in "$program" "$library" ${several:+"$several"}; do
  for field in Package Version Architecture Maintainer Section Depends Description; do
    [ -n "$(dpkg-deb -f "$package" "$field")" ] || fail "$(basename "$package") has no $field"
  done
done
for name in libc6 libstdc++6 libgit2 libpagmo libtbb; do
  [[ $(dpkg-deb -f "$program" Depends) == *"$name"* ]] || fail "the program does not depend on $name"
done
for file in ./usr/bin/evotts ./usr/share/doc/evotts/copyright ./usr/share/evotts/experiments/demo.toml; do
  grep -q " $file\$" <<<"$(dpkg-deb -c "$program")" || fail "the package of the program has no $file"
done
for file in ./usr/include/evotts/run.hpp ./usr/share/doc/libevotts-dev/copyright; do
  grep -q " $file\$" <<<"$(dpkg-deb -c "$library")" || fail "the package of the library has no $file"
done
# Who works on one machine installs no MPI.
[[ $(dpkg-deb -f "$program" Depends) != *mpi* ]] || fail "the program depends on MPI"
if [ -n "$several" ]; then
  for name in 'evotts (= ' libopenmpi libboost-mpi openmpi-bin; do
    [[ $(dpkg-deb -f "$several" Depends) == *"$name"* ]] || fail "the part for MPI does not depend on $name"
  done
  for file in ./usr/lib/evotts/evotts_mpi.so ./usr/share/doc/evotts/examples/slurm.sbatch; do
    grep -q " $file\$" <<<"$(dpkg-deb -c "$several")" || fail "the package of the part for MPI has no $file"
  done
fi

. /etc/os-release
root=$work/root
components=main
[ "${ID:-}" != ubuntu ] || components=main,universe
mmdebstrap --quiet --variant=apt --mode=root --components=$components "${VERSION_CODENAME:?}" "$root" >"$work/log" 2>&1 ||
  skip "no clean root could be made: $(tail -n 1 "$work/log")"
cp "$program" "$library" ${several:+"$several"} "$root/srv/"
inside() {
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/bin:/bin:/usr/sbin:/sbin DEBIAN_FRONTEND=noninteractive \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
}
cp /etc/resolv.conf "$root/etc/resolv.conf"
quietly inside apt-get update
quietly inside apt-get install -y --no-install-recommends "/srv/$(basename "$program")"
quietly inside evotts run /usr/share/evotts/experiments/demo.toml --out /srv/run --generations 1
scores=$(inside evotts eval /srv/run:best cmc --env synthetic:seed=3 --orderings 5 --beta 0.5 --format csv)
grep -q '^synthetic-3,cmc,0.5,' <<<"$scores" || fail "the installed program does not score cmc"
if [ -n "$several" ]; then
  if inside env OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=2 \
    evotts run /usr/share/evotts/experiments/demo.toml --out /srv/ranks >"$work/log" 2>&1; then
    fail "two ranks are no mistake without the part for MPI"
  fi
  grep -q 'the package evotts-mpi' "$work/log" || fail "it is not said that the part for MPI is missing"
  quietly inside apt-get install -y --no-install-recommends "/srv/$(basename "$several")"
  # This root has no /proc, by which the program finds its part; run.sh runs ranks of an installed tree.
  quietly inside apt-get remove -y evotts-mpi
fi
quietly inside apt-get remove -y evotts
[ ! -e "$root/usr/share/evotts" ] || fail "removing the package leaves files behind"
printf 'package: debian: good\n'
