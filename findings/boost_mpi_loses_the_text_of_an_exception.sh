#!/usr/bin/env bash
# An exception that leaves the scope of boost::mpi::environment ends the program before anybody can catch it.
#
# Tried with: libboost-mpi1.74-dev 1.74.0+ds1-21 and libopenmpi3 4.1.4-3+b1 of Debian 12, which must be installed.
# Expected:   an exception that is caught outside the scope of the environment, in main(), can be reported there.
# Seen:       the environment's destructor sees std::uncaught_exception() and calls MPI_Abort(-1): the handler never
#             runs and what() is never printed. mpirun exits with 255. With abort_on_exception = false the handler runs.
# So:         the environment is made with abort_on_exception = false, and a rank that fails says why before it aborts.
set -euo pipefail
boost='1.74.0+ds1-21' openmpi='4.1.4-3+b1'
for wanted in "libboost-mpi1.74-dev=$boost" "libopenmpi3=$openmpi" "openmpi-bin=$openmpi"; do
  found=$(dpkg-query -W -f='${Version}' "${wanted%%=*}" 2>/dev/null || true)
  if [ "$found" != "${wanted#*=}" ]; then
    echo "$wanted is needed, here is: ${found:-none}"; exit 1
  fi
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >fail.cpp <<'C'
#include <boost/mpi/environment.hpp>
#include <cstdio>
#include <stdexcept>
int main(int argc, char** argv) {
  const bool aborts = argc > 1;
  try {
    boost::mpi::environment environment(argc, argv, aborts);
    throw std::runtime_error("the disk is full");
  } catch (const std::exception& error) {
    std::printf("caught: %s\n", error.what());
    return 3;
  }
}
C
mpicxx fail.cpp -o fail -lboost_mpi -lboost_serialization
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
result() { # NAME ARGUMENT…
  local name=$1 status=0
  shift
  timeout 60 mpirun -n 1 ./fail "$@" >"$name" 2>&1 || status=$?
  echo "$name: mpirun exits with $status, $(grep -c 'caught: the disk is full' "$name" || true) handlers ran"
}
first=$(result default aborts)
second=$(result without)
echo "$first"; echo "$second"
if [ "$first" = 'default: mpirun exits with 255, 0 handlers ran' ] &&
   [ "$second" = 'without: mpirun exits with 3, 1 handlers ran' ] && ! grep -q 'the disk is full' default; then
  echo "as described, with Boost $boost and OpenMPI $openmpi"
else
  echo "not as described"; exit 1
fi
