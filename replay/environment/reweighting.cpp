#include "replay/environment/reweighting.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "replay/environment/reader.hpp"

namespace replay {
namespace {

namespace base = genome::base;

std::size_t kept_of(std::size_t branches) { return std::max<std::size_t>(1, branches * 9 / 16); }

// Takes a random element out.
std::size_t draw(base::Rng& rng, std::vector<std::size_t>& from) {
  std::swap(from[base::uniform_index(rng, from.size())], from.back());
  const std::size_t drawn = from.back();
  from.pop_back();
  return drawn;
}

std::vector<std::size_t> drawn_branches(base::Rng& rng, const Question& question, double odds) {
  std::vector<std::size_t> right, wrong, drawn;
  for (std::size_t i = 0; i < question.branches.size(); ++i) {
    const bool is_right =
        question.gold_id != kNoAnswer && question.branches[i].final_answer == question.gold_id;
    (is_right ? right : wrong).push_back(i);
  }
  for (std::size_t left = kept_of(question.branches.size()); left > 0; --left) {
    const double weight = odds * static_cast<double>(right.size());
    const double share = weight / (weight + static_cast<double>(wrong.size()));
    const bool take_right = wrong.empty() || (!right.empty() && base::chance(rng, share));
    drawn.push_back(draw(rng, take_right ? right : wrong));
  }
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

// Rows [begin, end) of one table at the end of another.
void append(SignalTable& to, const SignalTable& from, std::size_t begin, std::size_t end) {
  const auto copy = [&](auto& into, const auto& column) {
    into.insert(into.end(), column.begin() + static_cast<std::ptrdiff_t>(begin),
                column.begin() + static_cast<std::ptrdiff_t>(end));
  };
  copy(to.latest, from.latest);
  copy(to.mean, from.mean);
  copy(to.least_step, from.least_step);
}

Question with_branches(const Question& question, const std::vector<std::size_t>& kept) {
  Question variant = question;
  variant.branches.clear();
  variant.probes.clear();
  for (SignalTable& table : variant.signals) table = {};
  for (const std::size_t i : kept) {
    Branch branch = question.branches[i];
    const auto first = question.probes.begin() + static_cast<std::ptrdiff_t>(branch.first_probe);
    branch.first_probe = static_cast<std::uint32_t>(variant.probes.size());
    variant.probes.insert(variant.probes.end(), first, first + static_cast<std::ptrdiff_t>(branch.probes));
    const std::size_t begin = branch.first_signal, end = begin + branch.probes + 2;
    if (!variant.signals.empty())
      branch.first_signal = static_cast<std::uint32_t>(variant.signals.front().latest.size());
    for (std::size_t s = 0; s < variant.signals.size(); ++s)
      append(variant.signals[s], question.signals[s], begin, end);
    variant.branches.push_back(branch);
  }
  return variant;
}

}  // namespace

Environment reweighted(const Environment& environment, double odds) {
  EVOTTS_CHECK(std::isfinite(odds) && odds > 0);
  Environment variant{
      .name = fmt::format("{} at odds {}", environment.name, odds),
      .source = fmt::format("{} at odds {}", environment.source, odds),
      .digest = environment_digest(fmt::format("{} at odds {}, drawn by rule 1", environment.digest, odds)),
      .signals = environment.signals,
      .questions = {},
      .written_signals = environment.written_signals};
  for (std::size_t q = 0; q < environment.questions.size(); ++q) {
    const Question& question = environment.questions[q];
    auto rng = base::keyed_stream(0, base::Purpose::kReweighting, q);
    variant.questions.push_back(with_branches(question, drawn_branches(rng, question, odds)));
  }
  return variant;
}

}  // namespace replay
