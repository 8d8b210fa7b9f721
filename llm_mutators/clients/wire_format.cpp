#include "llm_mutators/clients/wire_format.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/text/thinking.hpp"

namespace llm_mutators {
namespace {

struct FormatOfKind {
  net::ModelKind kind;
  std::unique_ptr<WireFormat> (*make)(ModelParameters parameters);
};

constexpr FormatOfKind kFormats[] = {
#define EVOTTS_SERVER_KIND(kind, name, url, format, cache_write) {net::ModelKind::kind, format},
#include "net/model_kinds.def"
};

}  // namespace

std::unique_ptr<WireFormat> wire_format(net::ModelKind kind, ModelParameters parameters) {
  const auto* const found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                         [&](const FormatOfKind& each) { return each.kind == kind; });
  EVOTTS_CHECK(found != std::end(kFormats));
  return found->make(std::move(parameters));
}

Answer unreadable_answer(std::string_view body) {
  const std::string_view beginning = genome::base::beginning(genome::base::trimmed(body), 60);
  return {.reply = {.error = fmt::format("the answer is no JSON object; it begins with \"{}\"",
                                         genome::base::one_line(beginning))},
          .readable = false};
}

void finish_reply(std::string_view reason, std::int64_t output_tokens, Reply& reply) {
  const std::string shown = genome::base::one_line(genome::base::beginning(reason, 60));
  reply.finish = shown;
  if (!genome::base::trimmed(reply.text).empty()) {
    reply.outcome = Reply::Outcome::kAnswered;
    return;
  }
  if (reply.usage.output && *reply.usage.output >= output_tokens)
    return cut_reply(reason, output_tokens, "raise it", reply);
  reply.outcome = Reply::Outcome::kFailed;
  reply.error = "the answer holds no text" + (reason.empty() ? "" : fmt::format(" ({})", shown));
}

void cut_reply(std::string_view reason, std::int64_t output_tokens, std::string_view instead, Reply& reply) {
  reply.outcome = Reply::Outcome::kTruncated;
  reply.finish = genome::base::one_line(genome::base::beginning(reason, 60));
  const bool nothing = genome::base::trimmed(without_thinking(reply.text).text).empty();
  reply.error = nothing ? fmt::format("thinking used up all {} output_tokens before any reply; {}",
                                      output_tokens, instead)
                        : fmt::format("the reply was cut short by the limit on its tokens ({} output_tokens)",
                                      output_tokens);
}

}  // namespace llm_mutators
