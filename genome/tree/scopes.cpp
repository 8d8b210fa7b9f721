#include "genome/tree/scopes.hpp"

#include <algorithm>

#include "genome/tree/vocabulary.hpp"

namespace genome {

Scopes::Scopes(const Controller& controller) {
  Scope constants = Scope::constants();
  std::uint16_t index = 0;
  for (const ScheduleEntry& entry : controller.schedule) {
    schedule_.push_back(constants);
    constants.declare(entry.name, {Origin::kSchedule, {Kind::kNumber, Level::kConstant}, index++});
  }
  schedule_.push_back(constants);

  base_ = Scope::episode();
  for (const auto& [word, symbol] : constants.symbols()) base_.declare(word, symbol);
  const auto registers = [&](const std::vector<Register>& list, Origin origin, Level level) {
    std::uint16_t slot = 0;
    for (const Register& r : list) {
      const Typing typing = infer(r.initial, constants, 0);
      base_.declare(r.name,
                    {origin, {typing.types.empty() ? Kind::kUnknown : typing.types[0].kind, level}, slot++});
    }
  };
  registers(controller.memory, Origin::kMemory, Level::kQuestion);
  registers(controller.branch, Origin::kBranchRegister, Level::kBranch);
  walk(controller.start, start_);
  walk(controller.round, round_);
}

void Scopes::walk(const std::vector<Statement>& statements, std::vector<Scope>& into) const {
  Scope scope = base_;
  std::uint16_t index = 0;
  for (const Statement& s : statements) {
    into.push_back(scope);
    if (s.verb != Verb::kLet) continue;
    const Typing typing = infer(s.value, scope, 0);
    Type type = typing.types.empty() ? Type{} : typing.types[0];
    // A let has a place in the episode, even where its value is a constant: written out instead, lets of
    // lets would grow without bound.
    type.level = std::max(type.level, Level::kQuestion);
    scope.declare(s.target, {Origin::kLet, type, index++});
  }
  into.push_back(scope);
}

}  // namespace genome
