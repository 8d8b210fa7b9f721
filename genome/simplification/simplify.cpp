#include "genome/simplification/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/sites.hpp"
#include "genome/tree/typing.hpp"

namespace genome {
namespace {

class Shortening {
 public:
  explicit Shortening(const Controller& c) : c_(c), size_(size_of(c)) {}

  std::vector<Controller> run() {
    without_statements();
    without_parts();
    without_answers();
    operands_for_operations();
    numbers_for_knobs();
    return std::move(shorter_);
  }

 private:
  void offer(Controller child) {
    drop_unused(child);
    if (size_of(child) >= size_ || !checks(child)) return;
    if (seen_.insert(print(child)).second) shorter_.push_back(std::move(child));
  }

  void without_statements() {
    for (auto list : {&Controller::start, &Controller::round}) {
      for (std::size_t i = 0; i < (c_.*list).size(); ++i) {
        Controller child = c_;
        (child.*list).erase((child.*list).begin() + static_cast<std::ptrdiff_t>(i));
        offer(std::move(child));
      }
    }
  }

  void without_parts() {
    for (auto list : {&Controller::start, &Controller::round}) {
      for (std::size_t i = 0; i < (c_.*list).size(); ++i) {
        for (const Part part : {Part::kGuard, Part::kOrder, Part::kKeep}) {
          if (part_of((c_.*list)[i], part).empty()) continue;
          Controller child = c_;
          part_of((child.*list)[i], part) = {};
          offer(std::move(child));
        }
      }
    }
  }

  void without_answers() {
    for (std::size_t i = 0; i < c_.answer.size(); ++i) {
      Controller child = c_;
      child.answer.erase(child.answer.begin() + static_cast<std::ptrdiff_t>(i));
      offer(std::move(child));
    }
  }

  void operands_for_operations() {
    const Scopes scopes(c_);
    for (const Site& site : sites_of(c_)) {
      const Expr& e = expr_at(c_, site);
      const Typing typing = infer(e, scope_at(scopes, site));
      for (std::size_t node = 0; node < e.size(); ++node) {
        for (std::size_t k = 0; k < e.nodes[node].arity; ++k) {
          const Span operand = e.operand(node, k);
          if (typing.types[operand.first].kind != typing.types[node].kind) continue;
          Controller child = c_;
          expr_at(child, site) = e.replaced(e.subtree(node), e.extract(operand));
          offer(std::move(child));
        }
      }
    }
  }

  void numbers_for_knobs() {
    constexpr double kHardly = 0.05;  // of its value
    for (std::size_t i = 0; i < c_.schedule.size(); ++i) {
      const ConstantNames at_0 = constant_names(c_, 0), at_1 = constant_names(c_, 1);
      const double low = at_0.at(c_.schedule[i].name), high = at_1.at(c_.schedule[i].name);
      if (!std::isfinite(low) || std::abs(high - low) > kHardly * std::abs(low)) continue;
      Controller child = c_;
      for (const Site& site : sites_of(c_)) {
        Expr& e = expr_at(child, site);
        for (Node& n : e.nodes) {
          if (n.op == Op::kName && n.name == c_.schedule[i].name) n = number(low).root();
        }
      }
      offer(std::move(child));
    }
  }

  const Controller& c_;
  std::size_t size_;
  std::set<std::string> seen_;
  std::vector<Controller> shorter_;
};

}  // namespace

std::vector<Controller> simplifications(const Controller& controller) { return Shortening(controller).run(); }

}  // namespace genome
