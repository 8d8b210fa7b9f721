// wire_format.hpp: how a protocol writes a question and reads an answer.
// Why:      the two protocols differ in names and shapes only; deadlines, retries and keys are the same.
// Use:      const std::unique_ptr<WireFormat> wire = wire_format(net::ModelKind::kOpenAi, parameters);
//           http_exchange({.url = base + wire->path(), .headers = wire->headers(key),
//                      .body = wire->body(prompt, refused)});
//           Answer answer = wire->read(response.body);
// Promises: body() is valid JSON for any prompt. read() takes any bytes: blocks of unknown type are skipped,
//           what is missing is missing, and what has another shape than the protocol's is a failure that says
//           so.
// Threads:  constant after construction.
// Tests:    tests/llm_mutators/clients/server_client_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "llm_mutators/clients/llm_client.hpp"
#include "net/model_kind.hpp"

namespace llm_mutators {

struct ModelParameters {
  std::string model;
  std::int64_t output_tokens = 16000;  // the most that may be written, reasoning included
  std::optional<double> temperature;
  std::string effort;                           // of reasoning, e.g. "low"; empty: not asked for
  std::optional<std::int64_t> thinking_tokens;  // Anthropic: of the output; at least 1024
  bool seeded = true;                           // OpenAI: whether questions carry a seed
  bool newest_limit = false;  // OpenAI: `max_completion_tokens` from the start, not `max_tokens`
};

// Parameters that a server refused, by their names in requests.
using Refused = std::set<std::string, std::less<>>;

// What one answer of a server says. The reply's `tries` and `lost` are left alone.
struct Answer {
  Reply reply;
  bool readable = true;  // false: it is not this protocol at all, or was cut off
};

class WireFormat {
 public:
  virtual ~WireFormat() = default;
  virtual std::string_view path() const = 0;  // behind the base address
  virtual std::vector<std::string> headers(const std::string& key) const = 0;
  virtual std::string body(const Prompt& prompt, const Refused& refused) const = 0;
  // What body() asks for beside the prompt, as JSON.
  virtual std::string parameters(const Refused& refused) const = 0;
  // The parameters that can be left out when a server refuses them.
  virtual std::vector<std::string> optional_parameters(const Refused& refused) const = 0;
  virtual Answer read(const std::string& body) const = 0;
};

// A function for each kind of server in the table, as openai_format(parameters) and
// anthropic_format(parameters); each is defined in a file of its name.
#define EVOTTS_SERVER_KIND(kind, name, url, format, cache_write) \
  std::unique_ptr<WireFormat> format(ModelParameters parameters);
#include "net/model_kinds.def"

// REQUIRES: a kind that is reached by a server.
std::unique_ptr<WireFormat> wire_format(net::ModelKind kind, ModelParameters parameters);

// ---- what all formats share

// The answer to a body that is not this protocol at all.
Answer unreadable_answer(std::string_view body);

// The outcome of a reply that the server calls finished, for the reason it gives: an empty one is a failure,
// or cut short where it used all the tokens it was allowed.
void finish_reply(std::string_view reason, std::int64_t output_tokens, Reply& reply);

// The outcome of one that was cut short. When thinking left nothing for the reply, that is said, and
// `instead`, what to set.
void cut_reply(std::string_view reason, std::int64_t output_tokens, std::string_view instead, Reply& reply);

}  // namespace llm_mutators
