#include "live/audit/causes.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace live {
namespace {

class Pattern {
 public:
  explicit Pattern(const std::vector<CheckResult>& results) : results_(results) {}

  const CheckResult* flagged(Check check) const {
    const auto found = std::ranges::find(results_, check, &CheckResult::check);
    return found == results_.end() || !found->flagged() ? nullptr : &*found;
  }
  bool more(Check check) const { return flagged(check) != nullptr && flagged(check)->difference > 0; }
  bool less(Check check) const { return flagged(check) != nullptr && flagged(check)->difference < 0; }
  // How far the flagged one of these that is furthest off is off; 0: none is flagged.
  double strength(std::initializer_list<Check> checks) const {
    double largest = 0;
    for (const Check check : checks)
      if (const CheckResult* const result = flagged(check))
        largest = std::max(largest, std::abs(result->score));
    return largest;
  }

 private:
  const std::vector<CheckResult>& results_;
};

std::string cause_in_looks(const Pattern& pattern) {
  const std::string which =
      "the look's suffix, its task or its most tokens are not those of the recording, or the model is "
      "another";
  if (pattern.more(Check::kLooksBlank))
    return "Looks differ most, and more of them have no answer: " + which + ".";
  return "Looks differ most: " + which + ".";
}

std::string cause_in_branches(const Pattern& pattern) {
  const bool surer = pattern.more(Check::kLogprob) || pattern.less(Check::kEntropy);
  const bool less_sure = pattern.less(Check::kLogprob) || pattern.more(Check::kEntropy);
  const bool closer = pattern.more(Check::kFinalsAgree) || pattern.more(Check::kLooksAgree);
  const bool apart = pattern.less(Check::kFinalsAgree) || pattern.less(Check::kLooksAgree);
  if (!less_sure && !apart && (surer || closer))
    return "Branches are likelier or more alike than recorded: a lower temperature, narrower sampling "
           "(top-p, top-k, min-p), or another model that is surer.";
  if (!surer && !closer && (less_sure || apart))
    return "Branches are less likely or less alike than recorded: a higher temperature, wider sampling "
           "(top-p, top-k, min-p), or another model that is less sure.";
  return "Branches differ: another model or quantization of it, another prompt or template, or other "
         "sampling.";
}

}  // namespace

std::vector<std::string> likely_causes(const std::vector<CheckResult>& results) {
  const Pattern pattern(results);
  const double looks = pattern.strength({Check::kLooksAgree, Check::kLooksBlank});
  const double branches =
      pattern.strength({Check::kEnds, Check::kLengths, Check::kFinalsRight, Check::kFinalsAgree,
                        Check::kFinalsBlank, Check::kLogprob, Check::kEntropy, Check::kConfidence});
  std::vector<std::string> causes;
  if (looks > branches) causes.push_back(cause_in_looks(pattern));
  if (branches > 0) causes.push_back(cause_in_branches(pattern));
  if (looks > 0 && looks <= branches && causes.size() == 1)
    causes.emplace_back("Looks differ as well, as those of other branches do.");
  if (looks > branches && branches > 0)
    causes.back() +=
        " Where looks alone are other ones, branches may differ as the controller chooses by looks.";
  if (causes.empty() && flagged(results))
    causes.emplace_back(
        "Accuracy or tokens differ, though looks and branches do not: how answers are read, or right answers "
        "that are written otherwise.");
  return causes;
}

}  // namespace live
