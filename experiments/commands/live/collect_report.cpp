#include "experiments/commands/live/collect_report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "experiments/console/report.hpp"
#include "experiments/terminal/live_line.hpp"
#include "experiments/terminal/terminal.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr double kBetween = 0.5;  // seconds
constexpr double kLoud = 0.01;    // share of branches that are cut

std::string count(std::int64_t number) {
  std::string text = fmt::format("{}", number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

CollectLine::~CollectLine() { clear(); }

void CollectLine::clear() { clear_live_line(); }

void CollectLine::show(const live::CollectProgress& at) {
  if (at.seconds - last_ < kBetween) return;
  last_ = at.seconds;
  show_live_line(progress_text(at, terminal_width(STDERR_FILENO) - 1));
}

void CollectLine::tell(const std::string& line) { report(visible(line, 1000)); }

std::string progress_text(const live::CollectProgress& at, std::size_t columns) {
  std::vector<LinePart> parts = {
      {fmt::format("{}/{} branches", count(static_cast<std::int64_t>(at.branches)),
                   count(static_cast<std::int64_t>(at.wanted))),
       0},
      {fmt::format(", {:.0f} tokens/s", at.tokens_per_second), 4},
      {fmt::format(", {} tokens", count(at.spent.prompt_tokens + at.spent.written())), 5}};
  if (at.spent.money > 0) parts.push_back({fmt::format(", {:.2f} money", at.spent.money), 2});
  parts.push_back({fmt::format(", {} of {} requests", at.at_work, at.limit), 6});
  if (at.cut > 0) parts.push_back({fmt::format(", {:.1f}% cut", 100 * share(at.cut, at.branches)), 3});
  if (at.failed > 0) parts.push_back({fmt::format(", {} failed", at.failed), 3});
  if (at.seconds_left) parts.push_back({fmt::format(", {} left", shown_duration(*at.seconds_left)), 1});
  return fitted(std::move(parts), columns);
}

std::string spent_text(const live::Spent& spent) {
  std::string text = fmt::format(
      "{} requests; tokens read {}{}, written {} for branches and {} for looks", count(spent.requests),
      count(spent.prompt_tokens),
      spent.cached_tokens > 0 ? fmt::format(" ({} of them cached)", count(spent.cached_tokens)) : "",
      count(spent.branch_tokens), count(spent.look_tokens));
  if (spent.lost_requests > 0 || spent.lost_tokens > 0)
    text += fmt::format(", {} in vain, and up to {} that did not come ({} requests failed)",
                        count(spent.lost_tokens), count(spent.unseen_tokens), count(spent.lost_requests));
  if (spent.money > 0) text += fmt::format("; money {:.4f}", spent.money);
  return text;
}

std::string summary_text(const std::string& file, const live::Recording& made, const live::Spent& spent) {
  const std::vector<replay::Question>& questions = made.environment.questions;
  std::size_t branches = 0;
  for (const replay::Question& each : questions) branches += each.branches.size();
  const auto& signals = made.environment.signals;
  std::string text = fmt::format("{}: written, {} questions, {} branches, signals: {}\n", visible(file),
                                 questions.size(), count(static_cast<std::int64_t>(branches)),
                                 signals.empty() ? "none" : fmt::format("{}", fmt::join(signals, ", ")));
  if (!made.incomplete_signals.empty())
    text += fmt::format("left out, as the server did not tell them of each branch: {}\n",
                        fmt::join(made.incomplete_signals, ", "));
  text += fmt::format(
      "branches: {:.1f}% right, {:.1f}% without an answer, {:.1f}% cut, {:.0f} tokens on average\n",
      100 * share(made.right, branches), 100 * share(made.unreadable, branches),
      100 * share(made.cut, branches),
      static_cast<double>(made.tokens) / static_cast<double>(std::max<std::size_t>(branches, 1)));
  return text + "spent: " + spent_text(spent) + "\n";
}

std::string cut_warning(std::size_t cut, std::size_t branches, std::int64_t most_tokens,
                        std::optional<std::int64_t> context) {
  if (share(cut, branches) <= kLoud) return {};
  const bool by_server = context && *context <= most_tokens;
  return fmt::format(
      "WARNING: {} of {} branches ({:.1f}%) were cut {}. Their answers and lengths are not those that "
      "the model would give; {}",
      cut, branches, 100 * share(cut, branches),
      by_server ? fmt::format("at the server's context of {} tokens", *context)
                : fmt::format("at {} tokens (--max-tokens) or at the server's limit", most_tokens),
      by_server ? "start the server with a larger one" : "raise the limit");
}

live::Spent cost_of(const Estimate& estimate, const live::Recipe& recipe, const net::Price& price) {
  live::Spent spent;
  const bool looks_made = recipe.grade >= live::Grade::kText;
  const std::int64_t segment = recipe.grade == live::Grade::kExact  ? recipe.segment_tokens
                               : recipe.grade == live::Grade::kText ? recipe.interval
                                                                    : estimate.tokens;
  const std::int64_t looks = looks_made && estimate.tokens > 0 ? (estimate.tokens - 1) / recipe.interval : 0;
  const std::int64_t segments = std::max<std::int64_t>(1, (estimate.tokens + segment - 1) / segment);
  // Each request sends the branch so far again: sums of whole numbers, times what one is.
  const std::int64_t prefixes = segment * (segments * (segments - 1) / 2);
  const std::int64_t looked = recipe.interval * (looks * (looks + 1) / 2);
  spent.requests = estimate.branches * (segments + looks);
  spent.prompt_tokens = estimate.branches * (segments * estimate.prompt_tokens + prefixes + looked +
                                             looks * (estimate.prompt_tokens + estimate.suffix_tokens));
  spent.branch_tokens = estimate.branches * estimate.tokens;
  spent.look_tokens = estimate.branches * looks * recipe.look_tokens;
  spent.money = (static_cast<double>(spent.prompt_tokens) * price.input +
                 static_cast<double>(spent.written()) * price.output) /
                1e6;
  return spent;
}

}  // namespace experiments
