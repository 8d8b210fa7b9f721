#!/usr/bin/env bash
# libcurl's multi interface blocks in curl_multi_remove_handle while a name is being resolved.
#
# Tried with: libcurl4 7.88.1-10+deb12u15 of Debian 12, whose resolver is a thread of its own.
# Expected:   an interface that never blocks gives a transfer up at once, whatever the resolver does.
# Seen:       removing the handle joins the thread of the resolver: with a name server that takes 3 seconds to answer, it
#             takes the rest of these. An interrupt looked ignored. CURLOPT_QUICK_EXIT (7.87 and later) detaches the
#             thread instead; its manual speaks of the end of a process alone.
# So:         net/http_transfer.cpp sets it.
set -euo pipefail
version='7.88.1-10+deb12u15'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "libcurl4=$version" "libcurl4-openssl-dev=$version" >/dev/null 2>&1
for package in libcurl4*.deb; do dpkg-deb -x "$package" root; done
# A name server that is slow: the function that asks it, replaced.
cat >slow.c <<'C'
#include <netdb.h>
#include <unistd.h>
int getaddrinfo(const char* name, const char* service, const struct addrinfo* hints, struct addrinfo** found) {
  (void)name, (void)service, (void)hints, (void)found;
  sleep(3);
  return EAI_AGAIN;
}
C
cat >give_up.c <<'C'
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int count, char** words) {
  (void)words;
  CURLM* const multi = curl_multi_init();
  CURL* const easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, "http://models.example/");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (count > 1) curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_multi_add_handle(multi, easy);
  int running = 1;
  for (const double begin = now(); now() - begin < 0.3;) {
    curl_multi_perform(multi, &running);
    curl_multi_poll(multi, NULL, 0, 50, NULL);
  }
  const double begin = now();
  curl_multi_remove_handle(multi, easy);
  printf("giving it up took %s\n", now() - begin > 1 ? "more than a second" : "less than a second");
  fflush(stdout);
  _Exit(0);
}
C
library=$folder/$(dirname "$(find root -name libcurl.so.4)")
gcc -shared -fPIC slow.c -o slow.so
gcc -I"$(dirname "$(dirname "$(find root -name curl.h)")")" give_up.c "$library/libcurl.so.4" -o give_up
export LD_LIBRARY_PATH=$library
plain=$(LD_PRELOAD=$folder/slow.so ./give_up)
quick=$(LD_PRELOAD=$folder/slow.so ./give_up quick)
printf 'by default: %s\nwith CURLOPT_QUICK_EXIT: %s\n' "$plain" "$quick"
[ "$plain" = 'giving it up took more than a second' ] && [ "$quick" = 'giving it up took less than a second' ] || {
  echo 'the behaviour has changed'; exit 1; }
