// tag.hpp: what a message between ranks is.
// Why:      the receiver knows by it how to read the bytes (messages.hpp).
// Use:      transport.send(0, Tag::kReady, {});
// Promises: the numbers are those that cross; all ranks are one program, so they may change with it.
// Threads:  constants.
// Tests:    tests/cluster/messages_test.cpp
#pragma once

#include <cstdint>

namespace cluster {

enum class Tag : std::uint8_t {
  kHello,  // to rank 0: Hello
  kPing,
  kPong,       // how long a message and its answer take
  kSetting,    // from rank 0: Setting
  kMissing,    // to rank 0: Missing
  kFile,       // from rank 0: FilePiece
  kReady,      // to rank 0: the environments are there
  kFailed,     // to rank 0: in words, why they are not
  kQuestions,  // from rank 0: Questions
  kUnit,       // from rank 0: Unit
  kSums,       // to rank 0: Sums
  kEnd,        // from rank 0: the work is over; back, as the last of all
};
inline constexpr int kTags = static_cast<int>(Tag::kEnd) + 1;

}  // namespace cluster
