#include "genome/tree/scopes.hpp"

#include <algorithm>
#include <utility>

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
  start_ = walk(controller.start);
  round_ = walk(controller.round);
}

Scopes::Section Scopes::walk(const std::vector<Statement>& statements) const {
  Section section{.different = {base_}, .places = {0}};
  std::uint16_t index = 0;
  for (const Statement& s : statements) {
    if (s.verb == Verb::kLet) {
      Scope scope = section.different.back();
      const Typing typing = infer(s.value, scope, 0);
      Type type = typing.types.empty() ? Type{} : typing.types[0];
      // A let has a place in the episode, even where its value is a constant: written out instead, lets of
      // lets would grow without bound.
      type.level = std::max(type.level, Level::kQuestion);
      scope.declare(s.target, {Origin::kLet, type, index++});
      section.different.push_back(std::move(scope));
    }
    section.places.push_back(section.different.size() - 1);
  }
  return section;
}

}  // namespace genome
