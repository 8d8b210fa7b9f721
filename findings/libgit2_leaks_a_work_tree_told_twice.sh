#!/usr/bin/env bash
# libgit2 leaks a path each time a repository is told the work tree that it has already.
#
# Tried with: libgit2 1.5.1+ds-1+deb12u2 of Debian 12.
# Expected:   git_repository_set_workdir() with the present work tree changes nothing and keeps nothing.
# Seen:       it answers 0 and leaves its resolved copy of the path allocated: 100,000 calls leave about 5 MB
#             or more behind, by the length of the path. Two work trees in turn leave next to nothing.
# So:         who makes sure of a work tree compares it with git_repository_workdir() first.
set -euo pipefail
version='1.5.1+ds-1+deb12u2'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "libgit2-1.5=$version" "libgit2-dev=$version" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
library=$(dirname "$(find root -name 'libgit2.so.1.5')")
cat >tell.c <<'C'
#include <git2.h>
#include <malloc.h>
#include <stdio.h>
int main(void) {
  const char* const pairs[2][2] = {{"one", "one"}, {"one", "two"}};
  git_repository* repository;
  git_libgit2_init();
  if (git_repository_init(&repository, "one", 0) < 0) return 2;
  for (int pair = 0; pair < 2; ++pair) {
    size_t before = 0;
    for (int call = 0; call < 101000; ++call) {
      if (call == 1000) before = mallinfo2().uordblks;
      if (git_repository_set_workdir(repository, pairs[pair][call % 2], 0) != 0) return 3;
    }
    printf("%zu\n", (mallinfo2().uordblks - before) / 1024);
  }
  return 0;
}
C
gcc -I root/usr/include tell.c -o tell "$library/libgit2.so.1.5"
mkdir one two
{ read -r same; read -r other; } < <(LD_LIBRARY_PATH=$library ./tell)
echo "100,000 calls leave $same KB with the same work tree, $other KB with two in turn"
if [ "$same" -gt 3000 ] && [ "$other" -lt 300 ]; then
  echo "as described, with libgit2 $version"
else
  echo "not as described"; exit 1
fi
