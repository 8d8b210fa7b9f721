#include "llm_mutators/clients/wire_format.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"

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

void finish_reply(std::string_view reason, Reply& reply) {
  if (!genome::base::trimmed(reply.text).empty()) {
    reply.outcome = Reply::Outcome::kAnswered;
    return;
  }
  const std::string shown = genome::base::one_line(genome::base::beginning(reason, 60));
  reply.outcome = Reply::Outcome::kFailed;
  reply.error = "the answer holds no text" + (reason.empty() ? "" : fmt::format(" ({})", shown));
}

}  // namespace llm_mutators
