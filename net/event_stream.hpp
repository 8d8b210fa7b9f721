// event_stream.hpp: the events of a text/event-stream, from bytes in whatever pieces they come.
// Why:      servers of models send replies in events; networks cut them anywhere, in the midst of a character
//           too, and gateways add comments.
// Use:      EventStream events;
//           bool fine = events.take(piece, [&](const Event& event) { read(event.data); });
// Promises: as the HTML standard says ("Server-sent events"): lines end with CR, LF or both; a byte order
//           mark at the beginning, comments and fields that are none are skipped; the lines of `data` are
//           joined by LF; an event without data, or without the empty line after it, is none. How the bytes
//           are cut changes nothing. take() is false, and stays so, once an event is longer than the limit.
// Threads:  one at a time.
// Tests:    tests/net/event_stream_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace net {

struct Event {
  std::string data;
  std::string name;  // of the field `event`; empty where there was none
};

// The word by which servers of models say that a reply is over.
bool ends_replies(const Event& event);

class EventStream {
 public:
  explicit EventStream(std::size_t most_bytes = std::size_t{4} << 20U) : most_(most_bytes) {}

  bool take(std::string_view bytes, const std::function<void(const Event&)>& on_event);

  // Whether something of an event has come that is not whole.
  bool within_event() const { return !line_.empty() || has_data_; }
  std::int64_t comments() const { return comments_; }

 private:
  void end_line(const std::function<void(const Event&)>& on_event);
  void read_field();

  std::size_t most_;
  std::string line_;
  Event event_;
  bool has_data_ = false, after_cr_ = false, first_line_ = true, too_long_ = false;
  std::int64_t comments_ = 0;
};

}  // namespace net
