// transplant.hpp: moves lines and expressions of one controller into another, with what they depend on.
// Why:      a line means something only together with its schedule entries, registers and lets.
// Use:      Transplant graft(donor, host);
//           graft.statements(Section::kRound, {3}, position);   // host is changed
// Promises: a name the host has with the same role is shared: its registers and schedule entries keep the
//           host's values; any other name comes along, renamed where the host uses the word otherwise, and
//           with a register come the lines that assign to it.
// Threads:  one thread at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

class Transplant {
 public:
  Transplant(const Controller& donor, Controller& host) : donor_(donor), host_(host) {}

  // Inserts these statements of a section of the donor, with the lets and assignments they need, in the
  // donor's order, before the host's statement `position` of the same section.
  void statements(Section section, const std::set<std::size_t>& wanted, std::size_t position);

  // An expression of the donor as the host can read it. `section` is where it stood; lets it mentions are
  // written out in full.
  Expr expression(const Expr& value, Section section);

 private:
  void bring(const Expr& value, Section section);
  void bring_name(const std::string& name, Section section);
  Expr without_lets(Expr value, Section section) const;
  const std::vector<Statement>& lines(Section section) const {
    return section == Section::kStart ? donor_.start : donor_.round;
  }
  template <typename Declarations>
  bool declare(const Declarations& donors, Declarations& hosts, const std::string& name);
  void renamed(Statement& statement) const;
  void renamed(Expr& expression) const;

  const Controller& donor_;
  Controller& host_;
  std::map<std::string, std::string> new_names_;
  std::set<std::string> brought_;
  std::set<std::size_t> needed_;  // lines of the section being moved
};

}  // namespace genome
