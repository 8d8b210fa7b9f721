#include "experiments/progress/run_progress.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <unistd.h>
#include <utility>

#include "evo/record/trailers.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/terminal/sparkline.hpp"
#include "experiments/terminal/terminal.hpp"
#include "genome/base/error.hpp"

namespace experiments {
namespace {

constexpr std::size_t kSparkColumns = 24, kLatest = 10, kMostScores = 1000;

// A generation in parts that fit.
std::string line_of(const evo::Step& step, double seconds, const evo::Counters& work, std::size_t columns) {
  const evo::State& state = step.state;
  return fitted({{fmt::format("generation {:4}", state.generation), 0},
                 {fmt::format("  best {:7.3f}", state.best().score), 0},
                 {fmt::format(" ({:3} nodes)", state.best().size), 3},
                 {fmt::format("  frontier {:3} points", state.archive.points().size()), 2},
                 {fmt::format(" ({:2} new)", step.frontier_gain), 4},
                 {fmt::format("  {:3} born of {:4} scored", work.births, work.evaluations), 5},
                 {fmt::format("  {:6.2f} s", seconds), 1}},
                columns) +
         "\n";
}

// What digits behind those that are shown tell is no rise.
double as_shown(double score) { return std::round(score * 1000) / 1000; }

// Of the champions in the history of a run, one a generation; none where they cannot be read.
std::vector<double> scores_of(const evo::RunRepository& repository) {
  std::vector<double> scores;
  try {
    for (const evo::CommitInfo& commit : repository.log(kMostScores)) {
      if (evo::has(commit, evo::Trailer::kGeneration))
        scores.push_back(as_shown(evo::number_in(commit, evo::Trailer::kBestScore)
                                      .value_or(std::numeric_limits<double>::quiet_NaN())));
    }
  } catch (const genome::base::Error&) {
    scores.clear();  // the work goes on all the same
  }
  std::ranges::reverse(scores);
  return scores;
}

// Columns that a line on standard output may have.
std::size_t line_columns() {
  return ::isatty(STDOUT_FILENO) != 0 ? terminal_width(STDOUT_FILENO)
                                      : std::numeric_limits<std::size_t>::max();
}

}  // namespace

RunProgress::RunProgress(const Until& until, const evo::Run& run)
    : until_(until), generation_(run.state().generation) {
  if (has_live_line()) scores_ = scores_of(run.repository());
}

RunProgress::~RunProgress() { clear_live_line(); }

void RunProgress::tell(const evo::Step& step, double seconds, const evo::Counters& work) {
  tell_on_the_way(line_of(step, seconds, work, line_columns()));
  generation_ = step.state.generation;
  scores_.push_back(as_shown(step.state.best().score));
  if (scores_.size() > 2 * kMostScores)
    scores_.erase(scores_.begin(), scores_.end() - std::ptrdiff_t{kMostScores});
  latest_.push_back(seconds);
  if (latest_.size() > kLatest) latest_.pop_front();
}

std::optional<double> RunProgress::seconds_left(double under_way) const {
  std::optional<double> left;
  if (!latest_.empty()) {
    const double rate =
        std::accumulate(latest_.begin(), latest_.end(), 0.0) / static_cast<double>(latest_.size());
    // The one under way takes as long as it has taken, at least.
    left = std::max(rate - under_way, 0.0) + rate * std::max(until_.generations - generation_ - 1, 0);
  }
  if (until_.minutes) {
    const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - until_.start;
    const double rest = std::max(60 * *until_.minutes - gone.count(), 0.0);
    left = left ? std::min(*left, rest) : rest;
  }
  return left;
}

std::vector<LinePart> RunProgress::parts(double seconds) const {
  std::vector<LinePart> parts = {{fmt::format("generation {}", generation_ + 1), 0},
                                 {fmt::format(" of {}", std::max(generation_ + 1, until_.generations)), 2}};
  if (!scores_.empty()) {
    parts.push_back({fmt::format(", best {:.3f}", scores_.back()), 4});
    parts.push_back({fmt::format(" {}", sparkline(scores_, kSparkColumns, writes_utf8())), 3});
  }
  if (const auto left = seconds_left(seconds))
    parts.push_back({fmt::format(", about {} left", shown_duration(*left)), 1});
  return parts;
}

void RunProgress::show() const {
  if (has_live_line()) show_live_line(fitted(parts(0), terminal_width(STDERR_FILENO) - 1));
}

void tell_founders(const evo::State& state) {
  tell_on_the_way(fitted({{fmt::format("generation {:4}  best {:7.3f}", 0, state.best().score), 0},
                          {fmt::format("  frontier {:3} points", state.archive.points().size()), 2},
                          {fmt::format("  {:3} founders", state.counters.births), 1}},
                         line_columns()) +
                  "\n");
}

}  // namespace experiments
