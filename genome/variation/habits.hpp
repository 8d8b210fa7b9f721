// habits.hpp: whole habits of controllers, as parts to build with: a few lines with their registers and
//           knobs.
// Why:      a stop rule, the register it reads and the knob it is set by help only together; found one by
//           one, each would be lost before the next comes. A habit is drawn with its sets, votes and numbers
//           open, so it is a family of parts, not an answer.
// Use:      if (add_habit(rng, controller, Habit::kDissent)) ...
// Promises: declares what it needs under names that are still free; statements go into the round at a
//           place where they can act. The controller may not check afterwards (limits); callers look.
// Threads:  pure functions.
// Tests:    tests/genome/variation/habits_test.cpp
#pragma once

#include <span>
#include <string_view>

#include "genome/base/rng.hpp"
#include "genome/material/quantities.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

enum class Habit : std::uint8_t {
  kDissent,   // branches that disagree with a leader for a while are pruned
  kOverlong,  // branches much deeper than those that finished are pruned
  kSure,      // stops when a vote of enough branches is sure
  kRace,      // stops when a share of the opened branches has finished
  kSteady,    // stops when the leader has stayed the same for a while
  kWiden,     // opens more branches, up to a width, while a vote is not sure
  kCatchUp,   // late branches are advanced at once to where the others are
  kFavour,    // branches that agree with a leader are advanced faster
  kStage,     // opens few at first, and the rest when those have come far or to their ends
  kGiveUp,    // stops when the branches still going have become long
  // Of the comparing edition (see genome/text/edition.hpp):
  kFollow,    // side by side, branches go on only with what most of them answer at the same depth
  kRefill,    // opens others, up to a width, in the places of branches that ended or were given up
  kAgreed,    // stops when the finished give an answer enough support, each by its weight
  kByLength,  // votes of the finished weigh by length beside their mean, for long ones or for short ones
  // Where a signal is recorded, too:
  kUnlikely,  // branches are given up in the step in which a signal goes too far
  kClean,     // stops when enough branches have ended without such a step
  kBySignal,  // votes of the finished weigh by a signal, either way round
};

// Those of the material's edition and signals; of whole samples the ones that stop or read.
std::span<const Habit> all_habits(const Material& material = Material::plain());

// What begins a branch: `read` of whole samples, so that it means the same where branches have probes.
Verb opening_verb(const Material& material);

// False when the controller has no line the habit could go with, or the material no signal.
bool add_habit(base::Rng& rng, Controller& controller, Habit habit,
               const Material& material = Material::plain());

}  // namespace genome
