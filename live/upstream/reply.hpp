// reply.hpp: what a server of models says of one reply, whole or in events, of either completions protocol.
// Why:      servers put the same facts in different places: ids in `token_ids` or beside log-probabilities, a
//           thought in `reasoning` or `reasoning_content`. All of that is read here, and by what is there.
// Use:      ReplyReader reader;
//           reader.read(json);                  // a whole body, or each event
//           reader.reply().ids ...
// Promises: takes any JSON. Tokens are counted by ids or log-probabilities, never by events, which may hold
//           several. Choices beside the first are only counted. What cannot be right (ids that are none) is
//           told in `fault`.
// Threads:  one at a time.
// Tests:    tests/live/upstream/reply_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "net/retry.hpp"
#include "net/usage.hpp"

namespace live {

using TokenId = std::int32_t;

// The ids in an answer of a tokenizer; none where it holds no list of them.
std::vector<TokenId> tokenizer_ids(const nlohmann::json& answer);

struct Reply {
  std::string text;
  std::string thought, thought_field;  // where it comes apart from the text, and the field that it comes in
  std::vector<TokenId> ids, prompt_ids;
  std::vector<float> logprobs;          // of each token, where told; one that is missing is NaN
  std::vector<std::vector<float>> top;  // of each token, its likeliest candidates' log-probabilities
  std::string finish;                   // the server's word for why it ended; empty as yet
  net::Usage usage;
  std::string server;  // the model's name and its build, as the reply tells them
  std::size_t choices = 0;
  std::size_t tokens_in_largest_event = 0;
  std::optional<net::ServerError> error;  // in the place of a reply, or in the midst of it
  std::string fault;
};

class ReplyReader {
 public:
  void read(const nlohmann::json& object);
  const Reply& reply() const { return reply_; }
  Reply take() { return std::move(reply_); }

 private:
  void read_choice(const nlohmann::json& choice);
  void read_message(const nlohmann::json& message);
  void read_logprobs(const nlohmann::json& logprobs);
  void read_entry(const nlohmann::json& entry);
  void read_lists(const nlohmann::json& logprobs);
  bool read_ids(const nlohmann::json* list, std::vector<TokenId>& into);
  void add_id(const nlohmann::json& value, std::vector<TokenId>& into);

  Reply reply_;
  bool own_ids_ = false;  // ids came by themselves: those beside log-probabilities are the same
};

}  // namespace live
