#!/usr/bin/env bash
# libcurl sends a POST a second time by itself when a connection that it re-uses closes without a byte.
#
# Tried with: libcurl4 7.88.1-10+deb12u15 of Debian 12.
# Expected:   a request that is not idempotent is sent once; the caller hears of the failure and decides (RFC 9110,
#             9.2.2: a client should not automatically retry a request with a non-idempotent method).
# Seen:       the server has read the whole second request and closes. libcurl opens another connection and sends it
#             again; curl_easy_perform tells of one good answer. A model would have been paid twice.
# So:         net/http_transfer.cpp counts with CURLOPT_PREREQFUNCTION how often a connection is ready for the request,
#             and ends the transfer at the second time.
set -euo pipefail
version='7.88.1-10+deb12u15'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "libcurl4=$version" "libcurl4-openssl-dev=$version" >/dev/null 2>&1
for package in libcurl4*.deb; do dpkg-deb -x "$package" root; done
cat >post.cpp <<'C'
#include <arpa/inet.h>
#include <curl/curl.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

// Answers the first request of the first connection, reads its second and closes; answers on all others.
static int requests = 0;
static bool read_request(int connection) {
  std::string text;
  char chunk[4096];
  while (text.find("\r\n\r\n{}") == text.npos) {
    const ssize_t count = recv(connection, chunk, sizeof chunk, 0);
    if (count <= 0) return false;
    text.append(chunk, static_cast<std::size_t>(count));
  }
  ++requests;
  return true;
}
static void serve(int listener) {
  for (bool first = true;; first = false) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection < 0) return;
    const char answer[] = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    while (read_request(connection) && !(first && requests == 2)) send(connection, answer, sizeof answer - 1, MSG_NOSIGNAL);
    close(connection);
  }
}
static int times = 0;
static int once(void*, char*, char*, int, int) { return ++times > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK; }
static std::size_t drop(char*, std::size_t, std::size_t size, void*) { return size; }

int main(int count, char**) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(listener, reinterpret_cast<sockaddr*>(&address), size);
  listen(listener, 8);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::thread(serve, listener).detach();
  CURL* const curl = curl_easy_init();
  const std::string url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "{}");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  if (count > 1) curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, once);
  CURLcode code = curl_easy_perform(curl);
  times = 0;
  code = curl_easy_perform(curl);
  std::printf("two POSTs, the second came to \"%s\"; the server read %d requests\n", curl_easy_strerror(code), requests);
  std::fflush(stdout);
  std::_Exit(0);
}
C
library=$folder/$(dirname "$(find root -name libcurl.so.4)")
g++ -std=c++17 -I"$(dirname "$(dirname "$(find root -name curl.h)")")" post.cpp "$library/libcurl.so.4" -pthread -o post
export LD_LIBRARY_PATH=$library
./post | tee seen
./post once | tee kept
if grep -q '"No error"; the server read 3 requests' seen && grep -q 'aborted by an application callback"; the server read 2 requests' kept; then
  echo "as described, with libcurl4 $version"
else
  echo "not as described"; exit 1
fi
