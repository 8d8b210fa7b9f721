#include "live/upstream/stream_reply.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace live {
namespace {

using genome::base::visible;

constexpr std::size_t kSpare = 16;  // tokens that a server may add to finish a character

}  // namespace

bool StreamReply::take(std::string_view piece) {
  if (form_ == Form::kUnknown) {
    const std::size_t first = piece.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return true;
    const char c = piece[first];
    form_ = c == '{' || c == '<' ? Form::kWhole : Form::kEvents;
  }
  if (form_ == Form::kWhole) {
    whole_.append(piece);
    return true;
  }
  const bool short_enough = stream_.take(piece, [this](const net::Event& event) {
    if (done_ || !fault_.empty()) return;
    ++events_;
    done_ = ends_replies(event);
    if (!done_) read(event.data);
  });
  if (!short_enough) fault_ = "an event of the reply is too long";
  return fault_.empty();
}

void StreamReply::read(const std::string& text) {
  const auto json = genome::base::read_json<nlohmann::json>(text);
  if (!json.is_object()) {
    fault_ = fmt::format("the reply holds what is no JSON object: \"{}\"", visible(text, 60));
    return;
  }
  reader_.read(json);
  check();
}

void StreamReply::check() {
  const Reply& reply = reader_.reply();
  const std::size_t tokens = std::max(reply.ids.size(), reply.logprobs.size());
  if (reply.error)
    fault_ = fmt::format("the server says: {}",
                         visible(reply.error->message.empty() ? reply.error->type : reply.error->message));
  else if (!reply.fault.empty())
    fault_ = reply.fault;
  else if (tokens > most_tokens_ && tokens - most_tokens_ > kSpare)
    fault_ = fmt::format("{} tokens came where at most {} were asked for", tokens, most_tokens_);
}

void StreamReply::end() {
  if (form_ == Form::kWhole && fault_.empty()) read(whole_);
  if (!fault_.empty()) return;
  if (stream_.within_event())
    fault_ = "the reply ends within an event";
  else if (reader_.reply().finish.empty())
    fault_ = done_ ? "the reply ends without saying why" : "the reply was cut off";
}

}  // namespace live
