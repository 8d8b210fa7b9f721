// segment_call.hpp: the request that makes a branch longer, over all of its tries.
// Why:      what came is judged in one place, whether it was cut off, is wrong, or is a segment.
// Use:      calls.start(std::make_shared<SegmentCall>(server, url, work, following, done));
// Promises: as upstream.hpp says.
// Threads:  of the loop.
// Tests:    tests/live/upstream/faults_test.cpp
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "live/upstream/branch.hpp"
#include "live/upstream/calls.hpp"
#include "live/upstream/requests.hpp"
#include "live/upstream/server.hpp"
#include "live/upstream/stream_reply.hpp"

namespace live {

class SegmentCall : public Call {
 public:
  SegmentCall(const Server& server, std::string url, Work work, Following following, SegmentDone done);

  net::HttpRequest request() override;
  double times_longer() const override;
  Attempt judged(const net::HttpResponse& response) override;
  bool may_try_again() override { return !following_.again || following_.again(); }
  void over(const Outcome& outcome) override;

 private:
  std::string fault_of_reply() const;
  void keep(Reply reply);

  const Server& server_;
  const std::string url_;
  const Work work_;
  const Following following_;
  const SegmentDone done_;
  std::optional<StreamReply> stream_;  // of the try under way
  Segment segment_;
};

}  // namespace live
