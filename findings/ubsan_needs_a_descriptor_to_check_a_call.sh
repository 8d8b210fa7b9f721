#!/usr/bin/env bash
# The undefined-behaviour sanitizer calls a sound object broken when the process has no file descriptor left.
#
# Tried with: libubsan1 12.2.0-14+deb12u1 of Debian 12, behind g++ 12; clang 19 reports the same.
# Expected:   whether a virtual call is sound does not depend on open files.
# Seen:       -fsanitize=vptr looks whether the object's memory can be read by writing it to a new pipe. When no
#             pipe can be opened it reports "does not point to an object of type" for any object whose type it has
#             not met before. With -fno-sanitize-recover the program ends there.
# So:         tests of what a program does without descriptors are left out of builds with this sanitizer.
set -euo pipefail
version='12.2.0-14+deb12u1'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "libubsan1=$version" >/dev/null 2>&1
dpkg-deb -x libubsan1_*.deb root
cat >call.cpp <<'C'
#include <cstdio>
#include <sys/resource.h>
struct Shape {
  virtual ~Shape() = default;
  virtual int sides() const { return 0; }
};
struct Square : Shape {
  int sides() const override { return 4; }
};
int main(int count, char**) {
  Shape* const shape = new Square;
  const rlimit none{3, 3};  // standard input, output and error are open
  if (count > 1) setrlimit(RLIMIT_NOFILE, &none);
  std::printf("%d sides\n", shape->sides());
}
C
g++ -fsanitize=vptr call.cpp -o call
export LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name libubsan.so.1)")
./call 2>with >/dev/null
./call without 2>without >/dev/null
echo "with descriptors: $(wc -l <with) lines of reports; without: $(grep -c 'does not point to an object' without) false one"
if [ ! -s with ] && grep -q "does not point to an object of type 'Shape'" without; then
  echo "as described, with libubsan1 $version"
else
  echo "not as described"; exit 1
fi
