// targets.hpp: what is read from other people, as functions of bytes, for a fuzzer and for the cases kept.
// Why:      runs, files and replies come from anywhere; whatever they hold, they are read or refused.
// Use:      for (const Target& target : kTargets) target.run(bytes);
// Promises: run() returns for every input. An input that is accepted has the properties that each target
//           names; where one does not hold, run() aborts, which a fuzzer takes for a find.
// Threads:  one thread.
// Tests:    tests/fuzz/kept_cases_test.cpp
#pragma once

#include <array>
#include <string_view>

namespace fuzz {

// A text that checks prints as a text that checks, to the same print.
void controller_text(std::string_view bytes);
// A controller taken from a reply checks, and a line is a line.
void model_reply(std::string_view bytes);
// A body of a model's server, of each protocol; the first byte picks it.
void server_reply(std::string_view bytes);
// An experiment reads back from its own TOML as the same.
void experiment_file(std::string_view bytes);
// An environment reads back from its own JSON as the same.
void environment(std::string_view bytes);
// The payload of a checkpoint, without the frame's checksum; the first byte picks the version. What loads is
// saved and loads again as the same.
void checkpoint(std::string_view bytes);
// An index and a pack of git: three bytes say how long the index is.
void pack(std::string_view bytes);
// A commit's message: a trailer has a key, and no value has a line's end without a blank behind it.
void trailers(std::string_view bytes);
// The normal form of an answer is its own, and every extractor gives an answer in normal form.
void answers(std::string_view bytes);
// A file of samples of another tool; the first byte picks the format. What is imported reads back as the
// same, with as many branches as samples, and what is refused is told in one line.
void sample_import(std::string_view bytes);
// What is within the limits is refused or parsed, in memory of its order.
void json(std::string_view bytes);

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

inline constexpr std::array kTargets = {
    Target{"controller_text", controller_text},
    Target{"model_reply", model_reply},
    Target{"server_reply", server_reply},
    Target{"experiment_file", experiment_file},
    Target{"environment", environment},
    Target{"checkpoint", checkpoint},
    Target{"pack", pack},
    Target{"trailers", trailers},
    Target{"json", json},
    Target{"answers", answers},
    Target{"sample_import", sample_import},
};

// Ends the process: a property does not hold.
[[noreturn]] void found(std::string_view what);

inline void require(bool holds, std::string_view what) {
  if (!holds) found(what);
}

}  // namespace fuzz
