// upstream.hpp: a server of models as sessions use it: branches are begun, lengthened and looked into.
// Why:      whoever steers branches need not know by which of its interfaces a server continues them.
// Use:      Upstream upstream(server, discover(server, model), {.requests = 256});
//           upstream.begin(question, [&](Begun begun) { ... Branch{.prompt = begun.prompt, .seed = 7} ... });
//           auto ticket = upstream.advance(branch, 500, [&](Segment segment) { branch.append(segment); });
//           upstream.look(branch, suffix, 32, [&](Segment seen) { ... seen.text ... });
//           upstream.cancel(ticket);
// Promises: each call ends in its `done`, once; what it took stands in the Segment, failed requests included.
//           Tokens are counted by ids, else by log-probabilities, else by usage. A reply that is not whole,
//           or cannot be right (ids that are none, too many tokens, a prompt of another length than was
//           sent), is thrown away and asked for anew with the same seed. A cancelled one is dropped at once.
// Threads:  any; `done` and what a Following holds are called from a thread of the upstream, must be short,
//           and may call it. The destructor cancels what is under way, and must not be called from them.
// Tests:    tests/live/upstream/upstream_test.cpp, tests/live/upstream/faults_test.cpp
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "live/upstream/branch.hpp"
#include "live/upstream/calls.hpp"
#include "live/upstream/capabilities.hpp"
#include "live/upstream/requests.hpp"
#include "live/upstream/server.hpp"

namespace live {

struct Begun {
  std::shared_ptr<const Prompt> prompt;  // null when it failed
  std::string error;
};

class Upstream {
 public:
  using Ticket = Calls::Ticket;

  Upstream(Server server, Capabilities can, CallOptions options, Sampling sampling = {});

  const Capabilities& can() const { return can_; }
  Grade grade() const { return grade_of(can_); }

  // The requests that begin a question, one after another.
  struct Steps {
    std::atomic<Ticket> now{0};  // the one under way
    std::atomic<bool> cancelled{false};
  };

  // The question as this server takes it: rendered and tokenized where that is of use. When it is cancelled,
  // `done` gets an error; who wants to do that begins it on the upstream's thread.
  std::shared_ptr<Steps> begin(const Question& question, std::function<void(Begun)> done);
  void cancel(const std::shared_ptr<Steps>& steps);

  // The ids of a suffix, where looks are by ids; 0 where nothing had to be asked.
  Ticket prepare(const std::string& suffix, std::function<void(Suffix, std::string error)> done);

  // Ids as text, where the server tells it.
  void text_of(const std::vector<TokenId>& ids,
               std::function<void(std::string text, std::string error)> done);

  // REQUIRES: a grade of text or better.
  Ticket advance(const Branch& branch, std::int64_t tokens, SegmentDone done, Following following = {});
  Ticket look(const Branch& branch, const Suffix& suffix, std::int64_t most_tokens, SegmentDone done,
              Following following = {});

  // A whole reply.
  Ticket sample(std::shared_ptr<const Prompt> prompt, std::uint64_t seed, std::int64_t most_tokens,
                SegmentDone done, Following following = {});

  // A task on the upstream's thread, as `done` is called; 0 seconds: at once. What waits for its time when
  // the upstream ends runs then.
  Ticket after(double seconds, std::function<void()> task) { return calls_.after(seconds, std::move(task)); }
  void forget(Ticket task) { calls_.forget(task); }

  void cancel(Ticket ticket) { calls_.cancel(ticket); }
  void limit(std::size_t requests) { calls_.limit(requests); }
  net::HttpLoop::Load load() const { return calls_.load(); }

 private:
  // `make` makes the body, once there is a connection for it.
  Ticket start(const Branch& branch, const Suffix& suffix, std::int64_t tokens, std::function<Work()> make,
               Following following, SegmentDone done);
  // What a plain answer (of the tokenizer, of the template) came to, or why there is none.
  using JsonDone = std::function<void(const nlohmann::json& json, const std::string& error)>;
  Ticket ask(const std::string& url, nlohmann::json body, JsonDone done);
  using IdsDone = std::function<void(std::vector<TokenId>, const std::string& error)>;
  Ticket tokenize(const std::string& text, bool beginning, IdsDone done);
  using BegunDone = std::function<void(Begun)>;
  using StepsPointer = std::shared_ptr<Steps>;
  void begin_rendered(const StepsPointer& steps, const std::string& text, const BegunDone& done);
  void render_ids(const StepsPointer& steps, nlohmann::json messages, BegunDone done);
  void render_text(const StepsPointer& steps, nlohmann::json messages, BegunDone done);

  const Server server_;
  const Capabilities can_;
  const Sampling sampling_;
  Calls calls_;
};

}  // namespace live
