// sites.hpp: every place of a controller where an expression stands, with the type the place wants.
// Why:      typed variation picks a place, then a subtree there, and puts another of the same type.
// Use:      for (const Site& site : sites_of(c)) { const Expr& e = expr_at(c, site); ... }
// Promises: only parts that are there are listed, in the order of the text. A site stays valid while no
//           statement or declaration before it is added or removed.
// Threads:  pure functions.
// Tests:    tests/genome/tree/sites_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

enum class Part : std::uint8_t { kValue, kSet, kOrder, kKeep, kGuard };

struct Site {
  Section section = Section::kNone;
  std::size_t index = 0;  // of the entry, register, statement or answer line
  Part part = Part::kValue;
  Type wanted;  // kind, and the highest level allowed
};

std::vector<Site> sites_of(const Controller& controller);
const Expr& expr_at(const Controller& controller, const Site& site);
Expr& expr_at(Controller& controller, const Site& site);
const Scope& scope_at(const Scopes& scopes, const Site& site);

// The part of a statement, there or not.
const Expr& part_of(const Statement& statement, Part part);
Expr& part_of(Statement& statement, Part part);
inline constexpr Part kParts[] = {Part::kValue, Part::kSet, Part::kOrder, Part::kKeep, Part::kGuard};

// Of the schedule, registers and lets, in the order of the text. The two sections may have a let of one name.
std::vector<std::string> declared_names(const Controller& controller);

// The signals that it looks at, sorted.
std::vector<std::string> signals_of(const Controller& controller);

// A name not yet used in the controller: the stem itself, or the stem and a number.
std::string fresh_name(const Controller& controller, std::string_view stem);

// Every use and the declaration of `from` is called `to`.
void rename(Controller& controller, const std::string& from, const std::string& to);
void rename(Expr& expression, const std::string& from, const std::string& to);

// Whether the name is used anywhere but in its own declaration and in assignments to it.
bool is_read(const Controller& controller, const std::string& name);

// Takes away schedule entries, registers and lets that nothing reads, and assignments to such registers,
// until there is none. What the controller does stays the same.
void drop_unused(Controller& controller);

}  // namespace genome
