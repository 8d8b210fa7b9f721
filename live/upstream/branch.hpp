// branch.hpp: a question as a server of models takes it, and a branch of its reply, as far as it has come.
// Why:      a branch belongs to whoever steers it; the upstream keeps nothing of it between two requests.
// Use:      Branch branch{.prompt = prompt, .seed = 7};
//           upstream.advance(branch, 500, [&](Segment segment) { branch.append(segment); });
// Promises: values. Each segment of a branch has a seed of its own, which is a function of the branch's seed
//           and the segment's number: a server that is given the same seed again repeats its noise.
// Threads:  values.
// Tests:    tests/live/upstream/upstream_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "live/upstream/reply.hpp"
#include "net/usage.hpp"

namespace live {

struct Message {
  std::string role, content;
};

// What is asked: messages, or a prompt as the model is to read it.
struct Question {
  std::vector<Message> messages;
  std::string text;
};

// The question as the server takes it; shared by its branches.
struct Prompt {
  std::vector<TokenId> ids;       // exact
  std::string text;               // by completions of text
  std::vector<Message> messages;  // by messages
  bool own_beginning = true;      // whether the server may put its own token before the text
};

struct Sampling {
  double temperature = 1, top_p = 1, min_p = 0;
  int top_k = 0;  // all
  std::map<TokenId, double> logit_bias;
  std::vector<std::string> stop;
};

enum class CountedBy : std::uint8_t { kNothing, kIds, kLogprobs, kUsage };

// What one request made a branch longer by, or what a look saw.
struct Segment {
  std::string text, thought;  // a thought stands here when the server tells it apart
  std::vector<TokenId> ids;
  std::vector<float> logprobs;          // of each token, or empty; NaN where one is not told
  std::vector<std::vector<float>> top;  // of each token, its likeliest candidates' log-probabilities
  std::int64_t tokens = 0;
  CountedBy counted = CountedBy::kNothing;
  bool finished = false;  // the reply has ended; else it was cut at the tokens that were asked for
  std::string reason;     // the server's word for it: "stop", "length", ...
  net::Usage usage;       // as the server reports it; its count may hold a token of the end that is in no id

  bool good = false, cancelled = false;
  std::string error;             // of what is neither: one line
  int requests = 0;              // sent for it, the failed ones among them
  int lost = 0;                  // of those failed, how many may have been charged
  std::int64_t lost_tokens = 0;  // that came and were thrown away
};

using SegmentDone = std::function<void(Segment)>;
using Watch = std::function<void(const Reply& so_far)>;

// What is told and asked while a request is under way; all may be empty.
struct Following {
  Watch watch;                  // sees what has come, as it comes
  std::function<bool()> again;  // before another try of what may have been charged: whether to make it
};

struct Branch {
  std::shared_ptr<const Prompt> prompt;
  std::uint64_t seed = 0;
  int segments = 0;
  std::string text;
  std::vector<TokenId> ids;
  std::int64_t tokens = 0;

  void append(const Segment& segment) {
    text += segment.text;
    ids.insert(ids.end(), segment.ids.begin(), segment.ids.end());
    tokens += segment.tokens;
    ++segments;
  }
};

// What is put behind a branch to make it answer at once.
struct Suffix {
  std::string text;
  std::vector<TokenId> ids;
};

}  // namespace live
