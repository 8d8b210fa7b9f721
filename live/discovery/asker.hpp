// asker.hpp: questions to a server that are waited for, one at a time, while it is found out what it can do.
// Why:      each may be refused for one of its parameters alone; that must not be taken for a refusal of the
//           whole.
// Use:      Asker asker(server);
//           Answer answer = asker.post(url, body, {"logprobs", "return_token_ids"});
//           if (answer.good()) ... answer.reply().ids ...   asker.left_out()
// Promises: throws UpstreamError when the server is not reached any more, or has no time for us. What passes
//           (429, 5xx, a connection that broke off) is tried again a few times, as net/retry.hpp says.
// Threads:  one at a time.
// Tests:    tests/live/discovery/discovery_test.cpp
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "genome/base/rng.hpp"
#include "live/upstream/reply.hpp"
#include "live/upstream/server.hpp"
#include "live/upstream/stream_reply.hpp"

namespace live {

struct Answer {
  net::HttpResponse response;
  nlohmann::json json;  // discarded where the body is none
  bool good() const;
  Reply reply() const;
  // What the server says against it, in a line.
  std::string refusal() const;
};

class Asker {
 public:
  explicit Asker(const Server& server) : server_(server) {}

  Answer get(const std::string& url);
  // The optional parameters are left out, one after the other, when a refusal names them, and in their order
  // when it names none. `logprobs` and `top_logprobs` are lowered first.
  Answer post(const std::string& url, nlohmann::json body, const std::vector<std::string>& optional = {});
  // A reply in events; the request ends when the watcher says so.
  Answer stream(const std::string& url, const nlohmann::json& body, StreamReply& into,
                const std::function<bool(const StreamReply&)>& goes_on);

  const Server& server() const { return server_; }
  const std::set<std::string>& left_out() const { return left_out_; }  // of the last post()
  int requests() const { return requests_; }
  std::int64_t tokens_in() const { return tokens_in_; }
  std::int64_t tokens_out() const { return tokens_out_; }

 private:
  Answer send(const net::HttpRequest& request);
  void wait(double seconds) const;
  Answer answer_of(net::HttpResponse response);
  void count(const net::Usage& usage);

  const Server& server_;
  genome::base::Rng rng_{0};  // of waits alone
  std::set<std::string> left_out_;
  int requests_ = 0;
  std::int64_t tokens_in_ = 0, tokens_out_ = 0;
};

}  // namespace live
