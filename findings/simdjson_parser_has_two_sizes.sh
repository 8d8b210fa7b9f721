#!/usr/bin/env bash
# An object that holds a simdjson parser is laid out in two ways within one program, and nothing says so.
#
# Tried with: libsimdjson-dev 3.0.1-1 of Debian 12, behind g++ 12.
# Expected:   a header that is installed declares one type, whatever flags a source that includes it has.
# Seen:       simdjson::dom::parser and document_stream have members of their own where SIMDJSON_THREADS_ENABLED is
#             defined: by pkg-config's and CMake's flags, or by the header where -pthread is given. A source
#             compiled with neither has the other layout. Both link, without a warning, and what one
#             source writes behind a parser another reads elsewhere.
# So:         a class of ours holds parsers behind a pointer, made in one source alone.
set -euo pipefail
version='3.0.1-1'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "libsimdjson-dev=$version" "libsimdjson14=$version" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" root; done
cat >reader.hpp <<'C'
#include <simdjson.h>
struct Reader {
  simdjson::dom::parser parser;
  long records = 0;
};
long records_of(const Reader& reader);
C
cat >reader.cpp <<'C'
#include "reader.hpp"
long records_of(const Reader& reader) { return reader.records; }
C
cat >main.cpp <<'C'
#include "reader.hpp"
#include <cstddef>
#include <cstdio>
#include <new>
int main() {
  alignas(Reader) static unsigned char room[2 * sizeof(Reader)];
  Reader* const reader = new (room) Reader;
  reader->records = 7;
  std::printf("parser %zu bytes, stream %zu bytes, records written 7, read %ld\n", sizeof(simdjson::dom::parser),
              sizeof(simdjson::dom::document_stream), records_of(*reader));
}
C
flags="-std=c++17 -O1 -Wall -Wextra -isystem root/usr/include"
library=$(find root -name 'libsimdjson.so.*' -type f)
export LD_LIBRARY_PATH=$folder/$(dirname "$library")
with=$(grep -o 'SIMDJSON_THREADS_ENABLED=1' "$(find root -name simdjson.pc)")
g++ $flags -c reader.cpp -o plain.o
g++ $flags -c main.cpp -o main.o
g++ $flags "-D$with" -c reader.cpp -o threads.o
g++ main.o plain.o "$library" -o same
g++ main.o threads.o "$library" -o mixed
g++ $flags -pthread main.cpp threads.o "$library" -o told
{ ./same; ./mixed; ./told; } | tee seen
if [ "$(grep -c 'read 7$' seen)" = 2 ] && ! sed -n 2p seen | grep -q 'read 7$' &&
  sed -n 1p seen | grep -q 'parser 64 bytes, stream 56 bytes' &&
  sed -n 3p seen | grep -q 'parser 72 bytes, stream 144 bytes'; then
  echo "as described, with simdjson $version"
else
  echo "not as described"; exit 1
fi
