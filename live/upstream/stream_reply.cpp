#include "live/upstream/stream_reply.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "net/address/key_rules.hpp"

namespace live {
namespace {

using genome::base::visible;

constexpr std::size_t kSpare = 16;  // tokens that a server may add to finish a character
// Ends that are none of the model's, nor of a limit.
constexpr std::array<std::string_view, 4> kBrokenOff = {"abort", "error", "cancelled", "canceled"};

}  // namespace

std::string StreamReply::shown(const std::string& text, std::size_t most) const {
  return visible(net::without_secret(text, secret_), most);
}

bool StreamReply::take(std::string_view piece) {
  if (form_ == Form::kUnknown) {
    const std::size_t first = piece.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return true;
    const char c = piece[first];
    form_ = c == '{' || c == '<' ? Form::kWhole : Form::kEvents;
  }
  if (form_ == Form::kWhole) {
    whole_.append(piece);
    if (whole_.size() > genome::base::kMostJsonBytes) fault_ = "the reply is too long";
    return fault_.empty();
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
    fault_ = fmt::format("the reply holds what is no JSON object: \"{}\"", shown(text, 60));
    return;
  }
  reader_.read(json);
  check();
}

void StreamReply::check() {
  const Reply& reply = reader_.reply();
  const std::size_t tokens = std::max(reply.ids.size(), reply.logprobs.size());
  const std::int64_t counted = reply.choices > 1 ? 0 : reply.usage.output.value_or(0);
  if (reply.error)
    fault_ = fmt::format("the server says: {}",
                         shown(reply.error->message.empty() ? reply.error->type : reply.error->message, 300));
  else if (!reply.fault.empty())
    fault_ = shown(reply.fault, 80);
  else if (tokens > most_tokens_ && tokens - most_tokens_ > kSpare)
    fault_ = fmt::format("{} tokens came where at most {} were asked for", tokens, most_tokens_);
  else if (static_cast<std::size_t>(counted) > most_tokens_ &&
           static_cast<std::size_t>(counted) - most_tokens_ > kSpare)
    fault_ =
        fmt::format("the server counts {} tokens where at most {} were asked for", counted, most_tokens_);
}

void StreamReply::end() {
  if (form_ == Form::kWhole && fault_.empty()) read(whole_);
  if (!fault_.empty()) return;
  if (stream_.within_event())
    fault_ = "the reply ends within an event";
  else if (reader_.reply().finish.empty())
    fault_ = done_ ? "the reply ends without saying why" : "the reply was cut off";
  else if (std::ranges::count(kBrokenOff, reader_.reply().finish) > 0)
    fault_ = fmt::format("the server broke the reply off: {}", reader_.reply().finish);
}

}  // namespace live
