#!/usr/bin/env bash
# libpagmo copies 14.7 MB of tables to the heap when it is loaded, whatever a program uses of it.
#
# Tried with: libpagmo8 2.18.0-2+b1 of Debian 12.
# Expected:   constant tables are mapped with the library, and come into memory when they are read.
# Seen:       the data of test problems (those of the CEC 2014 competition are among them) stand in the library as
#             constants, and constructors copy them before main begins: 4,000 page faults. libboost_serialization,
#             which it needs, takes 0.1 MB. A program of many libraries that starts in 140 ms spends half of that here.
# So:         a program that is linked with libpagmo pays with every start, ours too; one of short commands may want
#             to load it late.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q libpagmo8=2.18.0-2+b1 libboost-serialization1.74.0=1.74.0+ds1-21 libtbb12 >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
cat >load.c <<'C'
#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>

static double allocated(void) {
  const struct mallinfo2 heap = mallinfo2();
  return (double)(heap.uordblks + heap.hblkhd) / 1e6;
}

static long faults(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

int main(int count, char** libraries) {
  for (int i = 1; i < count; ++i) {
    const double before = allocated();
    const long faults_before = faults();
    if (!dlopen(libraries[i], RTLD_NOW | RTLD_GLOBAL)) return fprintf(stderr, "%s\n", dlerror()), 2;
    printf("%s: %.1f MB, %ld page faults\n", libraries[i], allocated() - before, faults() - faults_before);
  }
  return 0;
}
C
gcc load.c -o load
export LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name libpagmo.so.8)")
./load libboost_serialization.so.1.74.0 libtbb.so.12 libpagmo.so.8 | tee seen
awk -F'[: ]+' '$1 ~ /pagmo/ && $2 > 10 { found = 1 } END { exit !found }' seen || { echo 'the behaviour has changed'; exit 1; }
