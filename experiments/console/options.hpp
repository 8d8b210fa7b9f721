// options.hpp: option values, read with messages that name the option and say what would be right.
// Why:      a library's conversion errors say neither the range nor what was found, and accept "nan".
// Use:      const auto n = whole_number("--orderings", text, {1, 10'000});
//           ThreadLimit threads(arguments.threads);     // as long as the work goes on
// Promises: every bad value is a UsageError. Numbers are decimal, without spaces, signs other than "-"
//           or digits left over; nan and inf are none.
// Threads:  pure functions; one ThreadLimit at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/console/table.hpp"

namespace CLI {
class App;
}

namespace experiments {

template <typename T>
struct Range {
  T low;
  T high;
};

// What an evaluation may be asked for, on the command line and in experiment files alike; sums of costs
// then stay far below the limits of 64 bits.
inline constexpr Range<std::int64_t> kSeeds{0, std::numeric_limits<std::int64_t>::max()};
inline constexpr Range<std::int64_t> kOrderings{1, 10'000};
inline constexpr Range<std::int64_t> kBudgets{0, 1'000'000'000'000};
inline constexpr Range<std::int64_t> kProbeCosts{0, 1'000'000};

std::int64_t whole_number(std::string_view option, std::string_view text, Range<std::int64_t> allowed);
double real_number(std::string_view option, std::string_view text, Range<double> allowed);

// Comma separated numbers in [0, 1], kept in the order given.
std::vector<double> beta_list(std::string_view option, std::string_view text);

// Adds --format table|csv|json with `text` as its default, and reads its value.
void add_format_option(CLI::App& command, std::string& text);
Format format_of(std::string_view text);

// Adds --format table|csv|json|markdown, and reads its value; nothing is Markdown, for a page of docs/.
void add_page_format_option(CLI::App& command, std::string& text);
std::optional<Format> page_format_of(std::string_view text);

// Adds --threads N; nothing means all cores.
void add_threads_option(CLI::App& command, std::optional<std::string>& text);

// Keeps evaluation to so many threads while it lives.
class ThreadLimit {
 public:
  explicit ThreadLimit(const std::optional<std::string>& text);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  struct Control;
  std::unique_ptr<Control> control_;
};

// `; did you mean "eval"?` for the nearest candidate, or nothing. A beginning and an ending that the word
// shares with a candidate because all of that sort have them ("--", ".ctl") are no likeness.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace experiments
