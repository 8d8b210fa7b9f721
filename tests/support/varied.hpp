// varied.hpp: controllers of every sort for properties: bred ones as evolution has them, and wild ones.
// Why:      bred controllers show what users meet; wild ones use every operation and statement at every
//           place where it types, with numbers that nobody would write.
// Use:      rc::check([] { auto rng = tests::any_stream(); check_it(tests::wild_controller(rng)); });
// Promises: every controller passes check(). Everything depends on the stream alone.
// Threads:  pure functions of their arguments; any_stream() belongs inside a property.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <rapidcheck.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "genome/base/rng.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/parser.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/typing.hpp"
#include "genome/variation/crossover.hpp"
#include "genome/variation/mutation.hpp"
#include "genome/variation/sampler.hpp"
#include "tests/support/library.hpp"

namespace tests {

using genome::Controller;
using genome::Expr;
using genome::Kind;
using genome::Level;
using genome::Statement;
using genome::Type;
using genome::Verb;
using genome::base::chance;
using genome::base::Rng;
using genome::base::uniform_index;
using genome::base::uniform_int;

// A stream from rapidcheck's own, so that RC_PARAMS repeats it. Seeds do not shrink.
inline Rng any_stream() {
  return Rng(*rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>())));
}

template <typename T>
T one_of(Rng& rng, std::initializer_list<T> options) {
  return options.begin()[uniform_index(rng, options.size())];
}

inline std::vector<Controller> library() {
  std::vector<Controller> all;
  for (const genome::KnownController& known : tests::library_without_signals()) {
    all.push_back(genome::parse(known.text).controller);
  }
  return all;
}

// Of the library or sampled.
inline Controller founder(Rng& rng, const genome::Material& material = genome::Material::plain()) {
  static const std::vector<Controller> known = library();
  return chance(rng, 0.3) ? known[uniform_index(rng, known.size())]
                          : genome::sample_controller(rng, material);
}

// A founder's descendant after up to `generations` mutations and crossovers.
inline Controller bred_controller(Rng& rng, const genome::Material& material = genome::Material::plain(),
                                  int generations = 8) {
  Controller bred = founder(rng, material);
  for (auto left = uniform_int(rng, 0, generations); left > 0; --left) {
    const auto mutations = genome::all_mutations();
    const auto crossovers = genome::all_crossovers();
    const auto child =
        chance(rng, 0.6)
            ? genome::mutate(rng, bred, mutations[uniform_index(rng, mutations.size())], material)
            : genome::cross(rng, bred, founder(rng, material),
                            crossovers[uniform_index(rng, crossovers.size())]);
    if (child) bred = *child;
  }
  return bred;
}

class WildSampler {
 public:
  WildSampler(Rng& rng, const genome::Scope& scope, std::span<const std::string> signals = {})
      : rng_(rng), scope_(scope), signals_(signals) {}

  // Of the wanted kind and at most of its level.
  Expr expression(Type wanted, int depth) const {
    if (depth <= 0 || chance(rng_, 0.25)) return leaf(wanted);
    std::vector<const genome::Signature*> fitting;
    for (const genome::Signature& s : genome::signatures()) {
      const bool gives = s.result == 'X' || s.result == letter(wanted.kind);
      const bool folds = s.operands.find_first_of("nt") != std::string_view::npos;
      if (s.operands.empty() || !gives || (folds && wanted.level == Level::kConstant)) continue;
      if (s.op == genome::Op::kAgo && a_register(wanted.kind).empty()) continue;
      fitting.push_back(&s);
    }
    const genome::Signature& s = *fitting[uniform_index(rng_, fitting.size())];
    const Kind any =
        s.result == 'X' ? wanted.kind : one_of(rng_, {Kind::kNumber, Kind::kTruth, Kind::kAnswer});
    Expr whole{{genome::Node{.op = s.op, .arity = static_cast<std::uint8_t>(s.operands.size())}}};
    for (const char code : s.operands) {
      const bool folded = code == 'n' || code == 't';
      const Type type{code == 'X' ? any : kind_of(code), folded ? Level::kBranch : wanted.level};
      const bool register_wanted = s.op == genome::Op::kAgo && code == 'X';
      const Expr operand = register_wanted ? a_register(wanted.kind) : expression(type, depth - 1);
      whole.nodes.insert(whole.nodes.end(), operand.nodes.begin(), operand.nodes.end());
    }
    return whole;
  }

 private:
  static char letter(Kind kind) { return kind == Kind::kNumber ? 'N' : kind == Kind::kTruth ? 'T' : 'A'; }
  static Kind kind_of(char code) {
    return code == 'N' || code == 'n' ? Kind::kNumber : code == 'A' ? Kind::kAnswer : Kind::kTruth;
  }

  Expr a_register(Kind kind) const {
    std::vector<std::string> fitting;
    for (const auto& [word, symbol] : scope_.symbols()) {
      if (symbol.origin == genome::Origin::kMemory && symbol.type.kind == kind) fitting.push_back(word);
    }
    return fitting.empty() || wanted_constant_ ? Expr{}
                                               : genome::name(fitting[uniform_index(rng_, fitting.size())]);
  }

  Expr leaf(Type wanted) const {
    using genome::Op;
    const bool number_of_branch = wanted.kind == Kind::kNumber && wanted.level == Level::kBranch;
    if (!signals_.empty() && number_of_branch && chance(rng_, 0.4)) {
      return genome::signal(one_of(rng_, {Op::kSignal, Op::kSignalMean, Op::kSignalMin}),
                            signals_[uniform_index(rng_, signals_.size())]);
    }
    std::vector<std::string> fitting;
    for (const auto& [word, symbol] : scope_.symbols()) {
      if (symbol.type.kind == wanted.kind && symbol.type.level <= wanted.level) fitting.push_back(word);
    }
    if (!fitting.empty() && chance(rng_, 0.7))
      return genome::name(fitting[uniform_index(rng_, fitting.size())]);
    if (wanted.kind == Kind::kTruth) return genome::truth(chance(rng_, 0.5));
    if (wanted.kind == Kind::kAnswer) return genome::none();
    return genome::number(
        one_of(rng_, {0.0, 1.0, 2.0, 3.0, 5.0, 64.0, -1.0, -2.5, 0.5, 0.1, 1e-9, 1e9, 1e200, -1e308}));
  }

  Rng& rng_;
  const genome::Scope& scope_;
  std::span<const std::string> signals_;
  bool wanted_constant_ = false;
};

inline Statement wild_statement(Rng& rng, const Controller& c, const genome::Scope& scope, int index,
                                std::span<const std::string> signals = {}) {
  constexpr Type kOneNumber{Kind::kNumber, Level::kQuestion}, kEachNumber{Kind::kNumber, Level::kBranch};
  constexpr Type kOneTruth{Kind::kTruth, Level::kQuestion}, kSet{Kind::kTruth, Level::kBranch};
  const WildSampler wild(rng, scope, signals);
  const auto depth = [&] { return static_cast<int>(uniform_int(rng, 0, 3)); };
  Statement s{.verb = one_of(rng, {Verb::kLet, Verb::kLet, Verb::kAssign, Verb::kAssign, Verb::kAssign,
                                   Verb::kOpen, Verb::kRead, Verb::kAdvance, Verb::kAdvance, Verb::kContinue,
                                   Verb::kProbe, Verb::kPrune, Verb::kStop})};
  switch (s.verb) {
    case Verb::kLet:
      s.target = "l" + std::to_string(index);
      s.value = wild.expression({one_of(rng, {Kind::kNumber, Kind::kTruth, Kind::kAnswer}),
                                 one_of(rng, {Level::kConstant, Level::kQuestion, Level::kBranch})},
                                depth());
      break;
    case Verb::kAssign: {
      const bool of_branch = chance(rng, 0.5);
      const auto& registers = of_branch ? c.branch : c.memory;
      s.target = registers[uniform_index(rng, registers.size())].name;
      s.value = wild.expression(scope.find(s.target)->type, depth());
      if (of_branch && chance(rng, 0.6)) s.set = wild.expression(kSet, depth());
      break;
    }
    case Verb::kOpen:
    case Verb::kRead: s.value = wild.expression(kOneNumber, depth()); break;
    case Verb::kAdvance:
    case Verb::kContinue:
      s.set = wild.expression(kSet, depth());
      s.value = chance(rng, 0.6) ? genome::number(static_cast<double>(uniform_int(rng, 1, 2)))
                                 : wild.expression(kEachNumber, depth());
      if (chance(rng, 0.5)) s.order = wild.expression(kEachNumber, depth());
      break;
    case Verb::kProbe: s.set = wild.expression(kSet, depth()); break;
    case Verb::kPrune:
      s.set = wild.expression(kSet, depth());
      if (chance(rng, 0.5)) s.order = wild.expression(kEachNumber, depth());
      if (chance(rng, 0.5)) s.keep = wild.expression(kOneNumber, depth());
      break;
    case Verb::kStop: s.guard = wild.expression(kOneTruth, 3); break;
  }
  if (s.guard.empty() && chance(rng, 0.35)) s.guard = wild.expression(kOneTruth, depth());
  return s;
}

// Uses anything anywhere. Mostly opens a few branches first, so that something happens.
inline Controller wild_controller(Rng& rng, std::span<const std::string> signals = {}) {
  for (;;) {
    Controller c{.name = "wild", .rounds = static_cast<int>(uniform_int(rng, 1, 12))};
    const auto entry = [&](std::string_view word, genome::Direction direction, Expr value) {
      c.schedule.push_back({.name = std::string(word), .direction = direction, .value = std::move(value)});
    };
    using genome::Op;
    entry(
        "up", genome::Direction::kRises,
        genome::apply(Op::kRound, {genome::apply(Op::kMultiply, {genome::number(6), genome::name("beta")})}));
    entry("down", genome::Direction::kFalls,
          genome::apply(Op::kSubtract, {genome::number(3), genome::name("up")}));
    const auto registers = [&](std::vector<genome::Register>& into, const char* stem) {
      const genome::Scopes scopes(c);
      int index = 0;
      for (const Kind kind : {Kind::kNumber, Kind::kTruth, Kind::kAnswer, Kind::kNumber}) {
        into.push_back({stem + std::to_string(index++),
                        WildSampler(rng, scopes.for_registers()).expression({kind, Level::kConstant}, 2),
                        {}});
      }
    };
    registers(c.memory, "m");
    registers(c.branch, "b");
    if (chance(rng, 0.8))
      c.start.push_back(
          {.verb = Verb::kOpen, .value = genome::number(static_cast<double>(uniform_int(rng, 1, 6)))});
    for (auto* section : {&c.start, &c.round}) {
      for (auto left = uniform_int(rng, 0, section == &c.round ? 12 : 3); left > 0; --left) {
        const genome::Scopes scopes(c);
        const auto at = section->size();
        section->push_back(wild_statement(rng, c,
                                          section == &c.start ? scopes.in_start(at) : scopes.in_round(at),
                                          static_cast<int>(at), signals));
      }
    }
    if (chance(rng, 0.5))
      c.round.push_back({.verb = Verb::kAdvance, .value = genome::number(1), .set = genome::name("active")});
    const genome::Scopes scopes(c);
    for (auto left = uniform_int(rng, 1, 3); left > 0; --left) {
      c.answer.push_back(
          WildSampler(rng, scopes.for_answer(), signals).expression({Kind::kAnswer, Level::kQuestion}, 3));
    }
    if (genome::checks(c)) return c;
  }
}

}  // namespace tests
