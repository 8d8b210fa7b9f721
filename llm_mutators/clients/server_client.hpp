// server_client.hpp: a language model behind a server that speaks one of the protocols of wire_format.hpp.
// Why:      hosted services fail in many ways, for seconds or for good; a run of days must bear the first
//           kind and be told of the second.
// Use:      ServerClient client({.name = "small", .url = "https://…/v1", .key = key, .seconds = 300},
//                               openai_format({.model = "…"}));
//           Reply reply = client.ask(prompt);
// Promises: see llm_client.hpp. One deadline covers all tries and the waits between them (see retry.hpp). A
//           parameter that a server refuses by name is left out, once, told of, and never sent again by this
//           object; replies say which, so that others need not find out again. Of failures in a row the
//           first is told of as it happens, with its cause. The key goes into the
//           request's header and nowhere else: where a server repeats it, it is struck out.
// Threads:  any number of calls at a time.
// Tests:    tests/llm_mutators/clients/server_client_test.cpp
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "llm_mutators/clients/llm_client.hpp"
#include "llm_mutators/clients/wire_format.hpp"
#include "net/http_client.hpp"
#include "net/retry.hpp"

namespace llm_mutators {

struct ServerOptions {
  std::string name;                                      // for the journal
  std::string url;                                       // the base address, e.g. "http://127.0.0.1:8080/v1"
  std::string key;                                       // may be empty
  double seconds = 300;                                  // the deadline of an exchange
  int most_tries = 8;                                    // requests for one exchange
  std::size_t most_bytes = 8U * 1048576U;                // of an answer
  std::function<bool()> stop;                            // may be empty
  std::function<void(const std::string& message)> tell;  // may be empty; called from any thread
};

class ServerClient : public LlmClient {
 public:
  ServerClient(ServerOptions options, std::unique_ptr<WireFormat> format);
  std::string_view name() const override { return options_.name; }
  std::string identity() const override;
  Reply ask(const Prompt& prompt, const MayTryAgain& may_try_again = {}) override;
  void leave_out(const std::vector<std::string>& parameters) override;

 private:
  class RetriedRequest;
  enum class Trying : std::uint8_t { kAgain, kNoMore };
  std::string address() const;  // that is asked
  void tell_failure(const Reply& reply, Trying trying);
  Refused refused() const;
  // Whether the error names a parameter that was sent and can be left out; it is noted. `without` are those
  // that were left out already.
  bool refuses(const Refused& without, const net::ServerError& error);

  ServerOptions options_;
  std::unique_ptr<WireFormat> format_;
  mutable std::mutex mutex_;
  Refused refused_;
  std::atomic<bool> told_failure_{false};  // since the last reply
};

}  // namespace llm_mutators
