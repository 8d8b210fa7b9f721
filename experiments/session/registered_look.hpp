// registered_look.hpp: a look at held-out environments, held against what the run stated before its search.
// Why:      a look that does what was stated tests the claim; any other one explores. Nobody should have to
//           remember which it was, nor be able to forget.
// Use:      const RegisteredLook registered(at, published);
//           registered.expect_held_out(environments);        // before anything is shown
//           unsealing.departures = registered.departures(look);
//           print(registered.text(unsealing.departures));     // below the figures
// Promises: a statement that contradicts its run, an experiment that is not the one stated, and environments
//           other than those stated are a RunError before anything is opened. What else differs is told. A
//           run without a statement passes everything and says nothing.
// Threads:  one thread a repository.
// Tests:    tests/experiments/commands/preregistration_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evo/preregistration/registration.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/run_source.hpp"
#include "replay/environment/environment.hpp"

namespace experiments {

// What was done.
struct Look {
  int number = 0;
  int generation = 0;
  std::size_t orderings = 0;
  std::span<const NamedController> controllers;  // the first is that of the run
};

class RegisteredLook {
 public:
  // `published`: a copy of the statement or its SHA-256, where the user has one.
  RegisteredLook(const RunAt& at, const std::optional<std::string>& published);

  // Where the user names no controllers or orderings: those stated. Controllers that this program knows by
  // other texts are left out.
  std::vector<std::string> beside(const std::vector<std::string>& named) const;
  std::size_t orderings(const std::optional<std::size_t>& wanted) const;

  void expect_held_out(std::span<const replay::Environment> environments) const;

  // What is not as stated, a line each; nothing where nothing was stated.
  std::vector<std::string> departures(const Look& look) const;

  // SHA-256 of the statement; empty where there is none.
  std::string digest() const { return registration_ ? registration_->digest : std::string(); }

  // Lines of what is as stated and what is not; empty where nothing was stated.
  std::string text(std::span<const std::string> departures) const;

 private:
  std::string run_;
  std::string best_;  // id
  int last_ = 0;      // generation of the run as it stands
  std::optional<evo::Registration> registration_;
  std::vector<std::string> changes_;  // since generation 0
};

}  // namespace experiments
