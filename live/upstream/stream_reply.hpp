// stream_reply.hpp: one reply as it comes over the wire: in events, or whole where a server does not stream.
// Why:      what was sent, how much of it, and whether it is all there must be known whatever form it has.
// Use:      StreamReply reply(most_tokens, key);
//           request.sink = [&](std::string_view piece) { return reply.take(piece); };  ...  reply.end();
//           if (reply.fault().empty()) use(reply.reply());
// Promises: takes any bytes. A reply is whole once it has said why it ended; "[DONE]" before that, or an end
//           within an event, is a fault. So is what cannot be right: ids that are none, or more tokens than
//           were asked for, by more than a server may add to finish a character; and an end that the server
//           made because of itself. A fault shows no part of the key.
// Threads:  one at a time.
// Tests:    tests/live/upstream/faults_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "live/upstream/reply.hpp"
#include "net/event_stream.hpp"

namespace live {

class StreamReply {
 public:
  explicit StreamReply(std::size_t most_tokens = std::numeric_limits<std::size_t>::max(),
                       std::string secret = {})
      : most_tokens_(most_tokens), secret_(std::move(secret)) {}

  // False when no more is wanted.
  bool take(std::string_view piece);
  // What follows the last piece.
  void end();

  const Reply& reply() const { return reader_.reply(); }
  Reply take_reply() { return reader_.take(); }
  const std::string& fault() const { return fault_; }
  // Whether an error of the server came in the place of an event.
  bool refused() const { return reader_.reply().error.has_value(); }
  int events() const { return events_; }
  std::int64_t comments() const { return stream_.comments(); }

 private:
  void read(const std::string& text);
  void check();

  std::string shown(const std::string& text, std::size_t most) const;

  const std::size_t most_tokens_;
  const std::string secret_;
  enum class Form : std::uint8_t { kUnknown, kEvents, kWhole } form_ = Form::kUnknown;
  net::EventStream stream_;
  ReplyReader reader_;
  std::string whole_, fault_;
  bool done_ = false;
  int events_ = 0;
};

}  // namespace live
