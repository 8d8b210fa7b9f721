#include "net/event_stream.hpp"

#include <algorithm>

#include "genome/base/text.hpp"

namespace net {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

bool ends_replies(const Event& event) { return genome::base::trimmed(event.data) == "[DONE]"; }

bool EventStream::take(std::string_view bytes, const std::function<void(const Event&)>& on_event) {
  while (!bytes.empty() && !too_long_) {
    if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);  // of a line that has ended
    if (bytes.empty()) {
      after_cr_ = false;
      break;
    }
    after_cr_ = false;
    const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    too_long_ = line_.size() + event_.data.size() + end > most_;
    if (too_long_) break;
    line_.append(bytes.substr(0, end));
    if (end == bytes.size()) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    end_line(on_event);
  }
  return !too_long_;
}

void EventStream::end_line(const std::function<void(const Event&)>& on_event) {
  if (first_line_ && line_.starts_with(kByteOrderMark)) line_.erase(0, kByteOrderMark.size());
  first_line_ = false;
  if (!line_.empty()) {
    read_field();
  } else if (has_data_) {
    event_.data.pop_back();  // the end of its last line
    on_event(event_);
  }
  if (line_.empty()) {
    event_ = {};
    has_data_ = false;
  }
  line_.clear();
}

void EventStream::read_field() {
  const std::string_view line = line_;
  if (line.front() == ':') {
    ++comments_;
    return;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  const std::string_view name = line.substr(0, colon);
  if (name == "data") {
    event_.data.append(value).push_back('\n');
    has_data_ = true;
  } else if (name == "event") {
    event_.name = value;
  }
}

}  // namespace net
