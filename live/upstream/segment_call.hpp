// segment_call.hpp: the request that makes a branch longer, over all of its tries.
// Why:      what came is judged in one place, whether it was cut off, is wrong, or is a segment.
// Use:      calls.start(std::make_shared<SegmentCall>(server, url, work, following, done));
// Promises: as upstream.hpp says.
// Threads:  of the loop.
// Tests:    tests/live/upstream/faults_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "live/upstream/branch.hpp"
#include "live/upstream/calls.hpp"
#include "live/upstream/server.hpp"
#include "live/upstream/stream_reply.hpp"

namespace live {

// What is asked for, and what is known of it before the body is made: that is not done before there is a
// connection for it, as many requests wait and a body may be long.
struct SegmentOrder {
  std::string url;
  std::function<std::string()> body;
  std::int64_t most_tokens = 0;
  std::optional<std::int64_t> prompt_tokens;  // that are sent, where they are ids
  bool streamed = true;
};

class SegmentCall : public Call {
 public:
  SegmentCall(const Server& server, SegmentOrder order, Following following, SegmentDone done);

  net::HttpRequest request() override;
  double times_longer() const override;
  Attempt judged(const net::HttpResponse& response) override;
  bool may_try_again() override { return !following_.again || following_.again(); }
  void over(const Outcome& outcome) override;

 private:
  std::string fault_of_reply() const;
  std::int64_t in_vain(bool charged) const;
  void keep(Reply reply);

  const Server& server_;
  const SegmentOrder order_;
  const Following following_;
  const SegmentDone done_;
  std::optional<StreamReply> stream_;  // of the try under way
  Segment segment_;
};

}  // namespace live
