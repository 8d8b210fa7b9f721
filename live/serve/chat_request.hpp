// chat_request.hpp: a request for a chat completion, out of the JSON that a client sent.
// Why:      what a controller cannot do must be refused before any token is spent on it, by a message that
//           names the parameter, and never be left out in silence.
// Use:      const ChatRequest asked = read_chat_request(body, "large");   // throws ChatRefusal
//           Question question = chat_question(asked, {.system = system}, task);
// Promises: any bytes are taken. Of what asks for other sampling than the controller was made for, the names
//           are kept in `left_out`. The last message is the question, and put as the task puts one; those
//           before it are passed on as they are.
// Throws:   ChatRefusal, which holds what the client is to be told.
// Threads:  pure functions.
// Tests:    tests/live/serve/chat_request_test.cpp
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/reading/answer_task.hpp"
#include "live/upstream/branch.hpp"

namespace live {

struct ChatRefusal : std::exception {
  ChatRefusal(int its_status, std::string its_message, std::string its_parameter = {},
              std::string its_code = {}, std::string its_allow = {})
      : status(its_status),
        message(std::move(its_message)),
        parameter(std::move(its_parameter)),
        code(std::move(its_code)),
        allow(std::move(its_allow)) {}
  const char* what() const noexcept override { return message.c_str(); }

  int status = 400;
  std::string message, parameter, code;
  bool again = true;  // false: whoever tries again of itself must not
  std::string allow;  // the methods there are, with 405
};

struct ChatRequest {
  std::vector<Message> messages;  // roles: system, user, assistant; the last is the user's
  std::string model;              // as it was named
  std::optional<double> beta;
  std::optional<std::int64_t> budget, ceiling;
  std::optional<std::uint64_t> seed;
  bool stream = false, stream_usage = false;
  std::vector<std::string> left_out;
};

// The beta in the name of a model, which must be NAME or NAME@B of the one that is served.
std::optional<double> beta_named(const std::string& name, const std::string& served);

ChatRequest read_chat_request(std::string_view body, const std::string& model);

struct Asking {
  std::string system = {};  // a message before all others, unless the client sends one of its own
  bool raw = false;         // a question is what the model reads, and no chat
};

Question chat_question(const ChatRequest& asked, const Asking& asking, const ReadingTask& task);

}  // namespace live
