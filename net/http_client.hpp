// http_client.hpp: one request over HTTP that is waited for.
// Why:      whoever asks one question at a time needs no loop of events and no callbacks.
// Use:      HttpResponse r = http_exchange({.url = url, .headers = {"authorization: " + key}, .body = json});
//           if (r.result == HttpResponse::Result::kAnswered && r.status == 200) use(r.body);
// Promises: never throws for what a server does. Certificates are verified, by the authorities of the
//           system or those in the file that SSL_CERT_FILE names; a server with a wrong one is sent
//           nothing. The proxies that the environment names are used, as address/proxy.hpp says, and
//           failures name them; redirections are not followed, for a key would go with them. The request
//           is sent at most once. The call ends at its deadline, and within a tenth of a second of stop()
//           being true. No more than most_bytes are received of a body, nor kept of it after decompression,
//           nor of heads and trailers, for which 256 KiB are the limit besides. What frames a chunked body,
//           extensions included, may be as long as both limits together.
// Threads:  any number of calls at a time; no signal is used.
// Tests:    tests/net/http_client_test.cpp
#pragma once

#include "net/http_message.hpp"

namespace net {

HttpResponse http_exchange(const HttpRequest& request);

}  // namespace net
