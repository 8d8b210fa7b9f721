#include "genome/tree/looks.hpp"

#include <algorithm>
#include <vector>

#include "genome/tree/sites.hpp"

namespace genome {
namespace {

bool acts_on_unfinished(const Statement& s) {
  return s.verb == Verb::kAdvance || s.verb == Verb::kContinue || s.verb == Verb::kProbe ||
         s.verb == Verb::kPrune;
}

bool reads_looks(const Controller& controller, const Expr& expression) {
  const auto declared = declared_names(controller);
  return std::ranges::any_of(expression.nodes, [&](const Node& node) {
    if (node.op != Op::kName || std::ranges::count(declared, node.name) > 0) return false;
    const Observed* observed = observed_named(node.name);
    return observed != nullptr && is_of_looks(observed->observable);
  });
}

}  // namespace

bool is_of_looks(Observable observable) {
  switch (observable) {
    case Observable::kActive:
    case Observable::kPruned:
    case Observable::kDepth:
    case Observable::kStreak:
    case Observable::kChanges: return true;
    default: return false;
  }
}

bool looks_into_branches(const Controller& controller) {
  if (std::ranges::any_of(controller.start, acts_on_unfinished) ||
      std::ranges::any_of(controller.round, acts_on_unfinished))
    return true;
  const std::vector<Site> sites = sites_of(controller);
  return std::ranges::any_of(
      sites, [&](const Site& site) { return reads_looks(controller, expr_at(controller, site)); });
}

}  // namespace genome
