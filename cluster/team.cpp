#include "cluster/team.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "cluster/patience.hpp"
#include "genome/base/check.hpp"
#include "genome/base/text.hpp"

namespace cluster {
namespace {

using genome::base::visible;

Message awaited(Transport& transport, Tag tag) {
  Patience patience;
  for (;;) {
    auto message = transport.receive();
    if (!message) {
      patience.wait();
      continue;
    }
    if (message->tag != tag)
      throw TransportError(fmt::format("rank {} sent something else than expected", message->from));
    return std::move(*message);
  }
}

}  // namespace

std::string name_of(const Member& member) {
  return fmt::format("rank {} on host {}", member.rank, visible(member.hello.host));
}

void end_all(Transport& transport) {
  for (int rank = 1; rank < transport.size(); ++rank) transport.send(rank, Tag::kEnd, {});
  // Sums that nobody waits for any more are taken all the same: whoever sends them could not end before.
  Patience patience;
  for (int ended = 1; ended < transport.size();) {
    const auto message = transport.receive();
    if (!message)
      patience.wait();
    else if (message->tag == Tag::kEnd)
      ++ended;
  }
  transport.end();
}

Team::Team(Transport& transport, Hello own)
    : transport_(&transport), own_(std::move(own)), others_(static_cast<std::size_t>(transport.size() - 1)) {
  EVOTTS_CHECK(transport.rank() == 0);
  await_hellos();
  expect_alike();
  measure();
}

const Member& Team::other(int rank) const { return others_.at(static_cast<std::size_t>(rank - 1)); }

void Team::await_hellos() {
  for (std::size_t i = 0; i < others_.size(); ++i) {
    const Message message = awaited(*transport_, Tag::kHello);
    others_.at(static_cast<std::size_t>(message.from - 1)) = {message.from, from_bytes<Hello>(message.bytes),
                                                              0};
  }
}

void Team::expect_alike() const {
  std::vector<std::string> messages;
  for (const Member& each : others_) {
    if (each.hello.program != own_.program) {
      messages.push_back(
          fmt::format("{} runs {}, rank 0 on host {} runs {}; every host needs the same program",
                      name_of(each), visible(each.hello.program), visible(own_.host), own_.program));
    } else if (each.hello.c_library != own_.c_library) {
      messages.push_back(fmt::format(
          "{} computes exp, log and pow by {}, rank 0 on host {} by {}; their last digits differ, so "
          "leave that host out",
          name_of(each), visible(each.hello.c_library), visible(own_.host), own_.c_library));
    }
  }
  if (!messages.empty()) throw RankError(std::move(messages));
}

void Team::measure() {
  using Clock = std::chrono::steady_clock;
  constexpr int kPings = 4;  // the first may wait for a connection to be made
  for (Member& each : others_) {
    for (int i = 0; i < kPings; ++i) {
      const auto sent = Clock::now();
      transport_->send(each.rank, Tag::kPing, {});
      awaited(*transport_, Tag::kPong);
      const double taken = std::chrono::duration<double>(Clock::now() - sent).count();
      each.round_trip = i == 0 ? taken : std::min(each.round_trip, taken);
    }
  }
}

unsigned Team::threads() const {
  unsigned all = own_.threads;
  for (const Member& each : others_) all += each.hello.threads;
  return all;
}

unsigned Team::threads_here() const {
  unsigned here = own_.threads;
  for (const Member& each : others_) here += each.hello.host == own_.host ? each.hello.threads : 0;
  return here;
}

std::string Team::text() const {
  std::set<std::string> hosts = {own_.host};
  for (const Member& each : others_) hosts.insert(each.hello.host);
  const auto counted = [](std::size_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  return fmt::format("{} on {}, {}", counted(others_.size() + 1, "rank"), counted(hosts.size(), "host"),
                     counted(threads(), "thread"));
}

std::vector<std::string> Team::remarks() const {
  std::map<std::string, std::vector<int>> ranks;  // by remark
  if (!own_.cores.empty()) ranks[own_.cores].push_back(0);
  for (const Member& each : others_) {
    if (!each.hello.cores.empty()) ranks[each.hello.cores].push_back(each.rank);
  }
  std::vector<std::string> remarks;
  for (const auto& [remark, who] : ranks) {
    const std::string more = who.size() > 1 ? fmt::format(" and {} more", who.size() - 1) : "";
    remarks.push_back(fmt::format("rank {}{}: {}", who.front(), more, visible(remark)));
  }
  return remarks;
}

}  // namespace cluster
