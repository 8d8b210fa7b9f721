#!/usr/bin/env bash
# libgit2 leaks a block of 20 KB for each name that one of its regular expressions does not match.
#
# Tried with: libgit2 1.5.1+ds-1+deb12u2 and libpcre2-8-0 10.42-1+deb12u2 of Debian 12.
# Expected:   looking through the settings of a repository takes no memory that stays.
# Seen:       git_config_foreach_match() and git_remote_list() leave one block of PCRE2's match data behind for
#             each setting whose name does not match: 200 looks at 4 settings grow the process by 3.4 MB, as
#             only the beginning of each block is written to.
#             git_config_foreach(), which takes no pattern, leaves nothing.
# So:         a process that lives long compares the names itself.
set -euo pipefail
version='1.5.1+ds-1+deb12u2'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "libgit2-1.5=$version" "libgit2-dev=$version" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
library=$(dirname "$(find root -name 'libgit2.so.1.5')")
cat >look.c <<'C'
#include <git2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static int nothing(const git_config_entry* entry, void* payload) { (void)entry; (void)payload; return 0; }
static long resident(void) {
  long all = 0, pages = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  if (fscanf(file, "%ld %ld", &all, &pages) != 2) return -1;
  fclose(file);
  return pages * sysconf(_SC_PAGESIZE) / 1024;
}
int main(int count, char** arguments) {
  git_config* settings;
  git_libgit2_init();
  if (count != 2 || git_config_open_ondisk(&settings, "settings") < 0) return 2;
  for (int look = 0; look < 220; ++look) {
    static long before;
    if (look == 20) before = resident();
    if (strcmp(arguments[1], "pattern") == 0) git_config_foreach_match(settings, "^no\\.such$", nothing, NULL);
    else git_config_foreach(settings, nothing, NULL);
    if (look == 219) printf("%ld\n", resident() - before);
  }
  return 0;
}
C
gcc -I root/usr/include look.c -o look "$library/libgit2.so.1.5"
printf '[a]\n\tb = 1\n\tc = 2\n\td = 3\n\te = 4\n' >settings
export LD_LIBRARY_PATH=$library
with=$(./look pattern) without=$(./look plain)
echo "200 looks at 4 settings grow the process by $with KB with a pattern, by $without KB without one"
if [ "$with" -gt 2000 ] && [ "$without" -lt 500 ]; then
  echo "as described, with libgit2 $version"
else
  echo "not as described"; exit 1
fi
