#!/usr/bin/env bash
# libgit2 reports an object as written that only a deleted pack held.
#
# Tried with: libgit2 1.5.1+ds-1+deb12u2 of Debian 12, and the git command at hand.
# Expected:   git_odb_write either stores an object or fails.
# Seen:       a repository handle keeps a pack open that `git repack -ad` has deleted since. Writing content
#             that only this pack held gives the object's id, and stores nothing: afterwards git has no such
#             object, and neither has a fresh handle.
# So:         whoever writes beside git's own commands has to see for himself that an object is there.
set -euo pipefail
version='1.5.1+ds-1+deb12u2'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "libgit2-1.5=$version" "libgit2-dev=$version" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
library=$(dirname "$(find root -name 'libgit2.so.1.5')")
cat >write.c <<'C'
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  const char* content = "only in the pack";
  git_repository* run;
  git_odb *odb, *fresh;
  git_oid known, written;
  git_libgit2_init();
  if (git_repository_open(&run, "run") < 0 || git_repository_odb(&odb, run) < 0) return 2;
  if (git_odb_write(&known, odb, content, strlen(content), GIT_OBJECT_BLOB) < 0) return 2;
  if (system("git -C run reset --quiet --hard HEAD~1 && git -C run reflog expire --expire=now --all &&"
             "git -C run repack -adq") != 0) return 2;
  int code = git_odb_write(&written, odb, content, strlen(content), GIT_OBJECT_BLOB);
  if (git_odb_open(&fresh, "run/.git/objects") < 0) return 2;
  int there = git_odb_exists(fresh, &written);
  printf("git_odb_write returned %d; a fresh handle has the object: %s\n", code, there ? "yes" : "no");
  return code == 0 && !there ? 0 : 1;
}
C
gcc -I root/usr/include write.c -o write "$library/libgit2.so.1.5"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init --quiet --initial-branch=main run
git -C run -c user.name=x -c user.email=x@localhost commit --quiet --allow-empty -m first
printf 'only in the pack' >run/file
git -C run add file
git -C run -c user.name=x -c user.email=x@localhost commit --quiet -m second
git -C run repack -adq
if LD_LIBRARY_PATH=$library ./write; then
  echo "as described, with libgit2 $version"
else
  echo "this has changed" >&2
  exit 1
fi
