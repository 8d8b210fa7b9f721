// fixed_course.hpp: which branches a controller opens, whatever the episode shows, at one setting of beta.
// Why:      a statement that is done in every round can open far too many branches, or be stopped in time by
//           what the branches answer; only the first can be known before anything is run.
// Use:      const FixedCourse course(controller, constant_names(controller, 0.5));
//           if (course.foresees(2)) most = course.times(2, rounds) * 3;
//           if (const auto opened = course.opened()) most = *opened;
// Promises: a statement is foreseen when its guard and its count read nothing but beta, the schedule, memory
//           that is never assigned, `round` and `opened`. REQUIRES: the controller checks.
// Threads:  immutable once made.
// Tests:    tests/genome/lint/fixed_course_test.cpp
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

class FixedCourse {
 public:
  FixedCourse(const Controller& controller, const ConstantNames& constants);

  // Whether the statement of the section round is foreseen.
  bool foresees(std::size_t statement) const;
  // Whether its count is, whatever its guard reads.
  bool foresees_count(Section section, std::size_t statement) const;
  // Whether all stops are, so that it is known which rounds there are.
  bool foresees_stops() const;

  // In how many of the first rounds the guard of a foreseen statement holds; none where it reads `opened`.
  std::optional<double> times(std::size_t statement, double rounds) const;

  // How many branches are opened in all, were there no limit; none where something is not foreseen.
  std::optional<double> opened() const;

 private:
  using Words = std::set<std::string, std::less<>>;
  struct Part {
    std::vector<Statement> statements;
    std::vector<std::size_t> steps;  // what opens, stops, or is a let that one of these reads
    Words known, of_opened;          // lets that are foreseen, and those of them that read `opened`
  };

  Part part_of(const std::vector<Statement>& statements, Section section) const;
  static std::vector<std::size_t> steps_of(const Part& part);
  bool knows(const Part& part, Section section, std::size_t at, const Expr& e) const;
  bool knows(const Part& part, Section section, std::size_t at) const;
  static bool reads_opened(const Part& part, const Expr& e);
  bool foresees_all(const Part& part, Section section) const;
  static bool goes_on(const Part& part, ConstantNames& names);

  Scopes scopes_;
  int rounds_;
  ConstantNames names_;  // with memory that is never assigned
  Part start_, round_;
};

}  // namespace genome
