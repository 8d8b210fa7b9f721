#!/usr/bin/env bash
# ccache counts an old precompiled header among the inputs of the very command that replaces it.
#
# Tried with: ccache 4.8+really4.7.5-1 of Debian 12 and its GCC 12, with the command that CMake 3.25 writes for
#             target_precompile_headers: an empty source, and the header by -include, beside which the result is put.
# Expected:   what was compiled before, of the same header with the same words, is found in the cache again.
# Seen:       it is found only where no result lies in its place. With one there, -include names a header that has a
#             precompiled one beside it, so ccache hashes that, though it is about to be written; each build in place is
#             then a miss, its result has another hash, and all objects that use it are compiled anew in other checkouts.
# So:         a cache that other checkouts are to use is filled by a build in an empty folder.
set -euo pipefail
version=4.8+really4.7.5-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "ccache=$version" "libhiredis0.14=0.14.1-3" >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" tree; done
ccache=$folder/tree/usr/bin/ccache
export LD_LIBRARY_PATH=$folder/tree/usr/lib/x86_64-linux-gnu CCACHE_DIR=$folder/cache CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_CONFIGPATH=/dev/null
printf '#include <vector>\n' >all.hxx
: >all.hxx.cxx

compile() {
  "$ccache" -z >/dev/null
  "$ccache" g++ -O1 -fpch-preprocess -x c++-header -include "$folder/all.hxx" -o all.hxx.gch -c "$folder/all.hxx.cxx"
  "$ccache" --print-stats | awk '$1 == "cache_miss" { print $2 ? "missed" : "found" }'
}

{
  "$ccache" --version | head -n 1
  echo "the first time: $(compile)"
  rm all.hxx.gch
  echo "again, with no result in its place: $(compile)"
  echo "again, over its own result: $(compile)"
} | tee seen
diff - seen <<'SEEN'
ccache version 4.7.5
the first time: missed
again, with no result in its place: found
again, over its own result: missed
SEEN
