// checker.hpp: tree -> CheckedController: names, types, directions and limits are right.
// Why:      the compiler and the evaluator accept only programs that cannot go wrong, so that nothing a
//           person, a model or evolution writes needs trust.
// Use:      CheckResult result = check_text(text);
//           if (result.controller) compile(*result.controller);
//           std::cerr << render_all(result.diagnostics, "mine.ctl", text);
// Promises: every problem is reported, in the order of the text (of more than kLimits.diagnostics the first;
//           of what is too large only that); warnings never prevent a result.
//           Only check() makes a CheckedController.
// Threads:  pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "genome/tree/ast.hpp"
#include "genome/tree/diagnostic.hpp"

namespace genome {

class CheckedController {
 public:
  const Controller& tree() const { return tree_; }
  friend bool operator==(const CheckedController&, const CheckedController&) = default;

 private:
  explicit CheckedController(Controller tree) : tree_(std::move(tree)) {}
  friend struct CheckAccess;
  Controller tree_;
};

struct CheckResult {
  std::optional<CheckedController> controller;  // present when there are no errors
  Diagnostics diagnostics;
};

CheckResult check(const Controller& controller);

// Parses and checks; diagnostics of both, in the order of the text.
CheckResult check_text(std::string_view text);

// Whether check() would give a result: the quick question of the genetic operators.
bool checks(const Controller& controller);

}  // namespace genome
