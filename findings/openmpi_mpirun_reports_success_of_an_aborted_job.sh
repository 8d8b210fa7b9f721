#!/usr/bin/env bash
# mpirun reports success when a rank aborts the job with a code whose low eight bits are 0.
#
# Tried with: openmpi-bin and libopenmpi3 4.1.4-3+b1 of Debian 12, which must be installed, with libopenmpi-dev.
# Expected:   MPI_Abort() ends the job, and mpirun exits with a code that is not 0: the job did not do its work.
# Seen:       MPI_Abort(comm, 0) and MPI_Abort(comm, 256) end the job, and mpirun prints that a rank aborted it; yet it
#             exits with 0, so that scripts and batch systems take the job for complete.
# So:         who aborts a job gives a code from 1 to 255.
set -euo pipefail
version='4.1.4-3+b1'
for package in openmpi-bin libopenmpi3 libopenmpi-dev; do
  found=$(dpkg-query -W -f='${Version}' "$package" 2>/dev/null || true)
  if [ "$found" != "$version" ]; then
    echo "$package $version is needed, here is: ${found:-none}"; exit 1
  fi
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >abort.c <<'C'
#include <mpi.h>
#include <stdlib.h>
int main(int argc, char** argv) {
  int rank;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 1) MPI_Abort(MPI_COMM_WORLD, atoi(argv[1]));
  MPI_Barrier(MPI_COMM_WORLD); /* which rank 1 never reaches */
  MPI_Finalize();
  return 0;
}
C
mpicc abort.c -o abort
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
seen=''
for code in 0 1 3 255 256 257; do
  status=0
  timeout 60 mpirun --oversubscribe -n 2 ./abort "$code" >"out.$code" 2>&1 || status=$?
  # What mpirun says of it does not always come through; what it exits with does.
  echo "MPI_Abort($code): mpirun exits with $status"
  seen+="$status "
done
if [ "$seen" = '0 1 3 255 0 1 ' ]; then
  echo "as described, with OpenMPI $version"
else
  echo "not as described"; exit 1
fi
