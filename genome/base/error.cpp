#include "genome/base/error.hpp"

#include "genome/base/open_files.hpp"

namespace genome::base {
namespace {

// What could not be opened may be called missing or damaged; the advice tells better, once.
std::vector<std::string> with_advice(std::vector<std::string> messages) {
  const std::string advice = open_files_advice(messages.back());
  if (!advice.empty() && messages.back().find(advice) == std::string::npos) messages.back() += advice;
  return messages;
}

}  // namespace

Error::Error(Fault fault, std::vector<std::string> messages)
    : Error(Advised(), fault, with_advice(std::move(messages))) {}

}  // namespace genome::base
