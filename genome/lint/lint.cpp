#include "genome/lint/lint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "genome/lint/branch_bound.hpp"
#include "genome/lint/branch_variation.hpp"
#include "genome/lint/hints.hpp"
#include "genome/lint/ranges.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/scopes.hpp"

namespace genome {
namespace {

// How many branches there are is looked at for every tenth beta of the grid.
constexpr std::size_t kCoarse = 10;
constexpr std::size_t kShownExpression = 40;  // characters of an expression in a hint

// One setting of the knob, with what the expressions of both sections can be there.
struct Setting {
  double beta;
  ConstantNames constants;
  Ranges start, round;

  Range of(const Expr& e, Section section) const {
    return section == Section::kStart ? start.of(e) : round.of(e);
  }
};

std::vector<Setting> settings_of(const Controller& c) {
  std::vector<Setting> settings;
  for (const double beta : direction_grid()) {
    ConstantNames names = constant_names(c, beta);
    Ranges start(c, Section::kStart, names), round(c, Section::kRound, names);
    settings.push_back({beta, std::move(names), std::move(start), std::move(round)});
  }
  return settings;
}

std::string shown(double value) { return print(number(value)); }

std::string shown(const Expr& e, std::string_view instead) {
  std::string text = print(e);
  return text.size() <= kShownExpression ? text : std::string(instead);
}

// "at beta = 0", "from beta = 0 to beta = 0.12"; of betas of the grid that do not lie together, how many.
std::string places(const std::vector<double>& betas) {
  if (betas.size() == 1) return fmt::format("at beta = {}", shown(betas.front()));
  const double steps = (betas.back() - betas.front()) * static_cast<double>(direction_grid().size() - 1);
  if (steps > static_cast<double>(betas.size()) - 0.5)
    return fmt::format("at {} of {} betas", betas.size(), direction_grid().size());
  return fmt::format("from beta = {} to beta = {}", shown(betas.front()), shown(betas.back()));
}

class Linter {
 public:
  explicit Linter(const Controller& c) : c_(c), scopes_(c), settings_(settings_of(c)) {}

  Diagnostics run() {
    known_name();
    for (const Section section : {Section::kStart, Section::kRound}) {
      const BranchVariation variation(c_, scopes_, section);
      const std::vector<Statement>& statements = section == Section::kStart ? c_.start : c_.round;
      for (std::size_t i = 0; i < statements.size(); ++i) {
        counts(statements[i], section);
        order(statements[i], section, variation.tells_apart(i));
      }
    }
    branches();
    return std::move(found_);
  }

 private:
  void warn(std::string code, std::string message, std::string hint, Position at) {
    found_.push_back({Severity::kWarning, std::move(code), std::move(message), std::move(hint), at});
  }

  void known_name() {
    const auto text = known_controller(c_.name);
    if (!text) return;
    const CheckResult known = check_text(*text);
    if (known.controller && known.controller->tree() == c_) return;
    warn("known-name",
         fmt::format("'{}' is the name of a known controller, but this is another controller", c_.name),
         fmt::format("give it a name of its own; evotts fmt {} shows the known one", c_.name), {});
  }

  // ---- counts that are none

  void counts(const Statement& s, Section section) {
    switch (s.verb) {
      case Verb::kOpen: count(s, s.value, section, "'open'", "nothing is opened"); break;
      case Verb::kRead: count(s, s.value, section, "'read'", "nothing is read"); break;
      case Verb::kAdvance:
      case Verb::kContinue: count(s, s.value, section, "'by'", "no branch moves"); break;
      case Verb::kPrune: count(s, s.keep, section, "'keep'", "all of the set is pruned"); break;
      default: break;
    }
  }

  // Whether the statement may be done at that beta.
  static bool reaches(const Setting& setting, const Statement& s, Section section) {
    return s.guard.empty() || setting.of(s.guard, section).high > 0;
  }

  // Counts are rounded down, so that what stays below 1 is none.
  void count(const Statement& s, const Expr& e, Section section, std::string_view of,
             std::string_view effect) {
    if (e.empty()) return;
    std::vector<double> betas;
    std::size_t reached = 0;
    Range all;
    for (const Setting& setting : settings_) {
      if (!reaches(setting, s, section)) continue;
      ++reached;
      const Range range = setting.of(e, section);
      if (range.high >= 1) continue;
      all = betas.empty() ? range : Range{std::min(all.low, range.low), std::max(all.high, range.high)};
      betas.push_back(setting.beta);
    }
    if (betas.empty()) return;
    const std::string value = all.is_point() ? shown(all.low) : all.high <= 0 ? "0 or less" : "less than 1";
    if (betas.size() == reached) {
      warn("count", fmt::format("the count of {} is always {}, so {}", of, value, effect),
           "counts are rounded down; one of 1 or more does something", e.root().at);
    } else {
      warn("count", fmt::format("the count of {} is {} {}, so {} there", of, value, places(betas), effect),
           fmt::format("where that is not meant, write max(1, {})", shown(e, "...")), e.root().at);
    }
  }

  // ---- keys that decide nothing

  bool keeps_some(const Statement& s, Section section) const {
    return !s.keep.empty() && std::ranges::any_of(settings_, [&](const Setting& setting) {
      return setting.of(s.keep, section).high >= 1;
    });
  }

  void order(const Statement& s, Section section, bool varies) {
    const bool prunes = s.verb == Verb::kPrune, keeps = keeps_some(s, section);
    constexpr const char* kKeys = "a key such as -streak or changes tells branches apart";
    if (prunes && keeps && s.order.empty()) {
      warn("order", "'keep' without 'first' prunes in the order of opening, the oldest branches first",
           "say who is pruned first, as in first -streak; the largest go first", s.at);
    } else if (prunes && keeps && !varies) {
      warn("order",
           "the key of 'first' is the same for every branch, so the oldest branches are pruned first", kKeys,
           s.order.root().at);
    } else if (prunes && !keeps && !s.order.empty()) {
      warn("order", "'first' decides nothing here: without 'keep' all of the set is pruned",
           "say how many stay active, as in keep 2, or leave 'first' away", s.order.root().at);
    } else if (!s.order.empty() && !varies) {
      warn("order", "the key of 'first' is the same for every branch, so they move in the order of opening",
           kKeys, s.order.root().at);
    }
  }

  // ---- more branches than an episode opens

  void branches() {
    BranchBound worst;
    double beta = 0;
    for (std::size_t i = 0; i < settings_.size(); i += kCoarse) {
      const BranchBound bound = most_branches(c_, settings_[i].constants);
      if (bound.most > worst.most) worst = bound, beta = settings_[i].beta;
    }
    if (worst.most <= kMostBranches) return;
    const bool known = worst.most < 1e6;
    warn("branches",
         fmt::format("{} branches can be asked for{}, but an episode opens at most {}",
                     known ? fmt::format("up to {}", shown(worst.most)) : "any number of",
                     known ? fmt::format(" at beta = {}", shown(beta)) : "", kMostBranches),
         fmt::format("bound them, as in min(4, {} - opened); asking for more changes nothing", kMostBranches),
         worst.at);
  }

  const Controller& c_;
  Scopes scopes_;
  std::vector<Setting> settings_;
  Diagnostics found_;
};

}  // namespace

Diagnostics lint(const CheckedController& controller) { return Linter(controller.tree()).run(); }

CheckResult reviewed(std::string_view text) {
  CheckResult result = check_text(text);
  if (result.controller) {
    Diagnostics more = lint(*result.controller);
    result.diagnostics.insert(result.diagnostics.end(), more.begin(), more.end());
    std::ranges::stable_sort(result.diagnostics, [](const Diagnostic& a, const Diagnostic& b) {
      return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
  } else {
    add_hints(result.diagnostics, text);
  }
  return result;
}

}  // namespace genome
