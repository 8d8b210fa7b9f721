#include "llm_mutators/prompts/language_card.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

#include "genome/base/check.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/ast.hpp"
#include "genome/tree/typing.hpp"
#include "genome/tree/vocabulary.hpp"

namespace llm_mutators {
namespace {

using genome::Section;

constexpr std::string_view kLayout = R"(# The language of controllers

A controller answers one question with a language model that reasons in several branches. Round by
round it decides which branches to open, to advance by intervals of tokens, and to prune, when to
stop, and what to answer. Each interval costs its tokens. A controller is a text of lines ('#' begins
a comment); sections come in this order, and all but the last may be left out:

controller NAME
rounds N                 # at most so many rounds: 1 to {most_rounds}; {usual_rounds} when left out

{schedule}                 # settings: expressions of beta and of earlier settings
  NAME rises EXPRESSION  # never falls while beta goes from 0 to 1; this is checked
  NAME falls EXPRESSION  # never rises

{memory}                   # registers of the question
  NAME = EXPRESSION      # the initial value: of beta and settings

{branch}                   # registers of each branch, set to this when the branch is opened
  NAME = EXPRESSION

{start}                    # done once
  STATEMENT

{round}                    # done again and again, from top to bottom
  STATEMENT

{answer}                   # the first of these that is not none is the answer
  EXPRESSION

An episode also ends after the last round, when no branch is active and a round opened or advanced
nothing, and when the budget admits nothing more.
)";

constexpr std::string_view kTypes = R"(
## Types

Values are numbers, truths (true, false) and answers (none, or opaque text that can only be compared
and counted). A value is of the question (one) or of the branch (one for each opened branch); an
expression that mentions anything of the branch is of the branch, unless a function over a set folds
it. A set is a truth of the branch, such as `active and depth > 3`. Guards, N of open and read, M of
keep and the lines of the last section are of the question. A register has the type of its initial
value. Nothing can fail: every operation has a value on every input.
)";

constexpr std::string_view kStatements = R"(
## Statements

Every statement may end in `when TRUTH` (of the question); it is then done only if that holds.
)";

constexpr std::string_view kOperations = R"(
## Operations

From loosest to tightest: or; and; not; comparisons (never chained); + and -; * and /; unary minus;
^ (to the right). Parentheses as usual. What takes any kind takes one kind throughout.
)";

constexpr std::string_view kNames = R"(
## Names and limits

A name is letters, digits and '_', begins with no digit, has at most {} characters, is none of the
words above, and names one thing only. At most {} settings, {} registers in each of the two sections,
{} statements in each of the two sections, {} lines of answer, {} nested levels in an expression,
{} operands and operations in all.
)";

constexpr std::string_view kSignals = R"(
## Signals

Beside its answer a branch shows numbers that came with its tokens. The step that ends an interval
reveals those of the interval, with a probe or without; reading reveals all.

)";

std::string layout() {
  return fmt::format(
      kLayout, fmt::arg("most_rounds", genome::kLimits.rounds),
      fmt::arg("usual_rounds", genome::kDefaultRounds), fmt::arg("schedule", name_of(Section::kSchedule)),
      fmt::arg("memory", name_of(Section::kMemory)), fmt::arg("branch", name_of(Section::kBranch)),
      fmt::arg("start", name_of(Section::kStart)), fmt::arg("round", name_of(Section::kRound)),
      fmt::arg("answer", name_of(Section::kAnswer)));
}

std::string statements() {
  std::string out(kStatements);
  for (const genome::VerbInfo& verb : genome::all_verbs())
    out += fmt::format("- {}{}: {}\n", verb.keyword, verb.shape, verb.meaning);
  return out;
}

std::string observed() {
  std::string out = "\n## What can be observed\n\n";
  for (const genome::Observed& o : genome::observed_values()) {
    out += fmt::format("- {} ({}): {}\n", o.name, genome::describe(o.type), o.meaning);
  }
  return out;
}

std::string_view operand_name(char code) {
  switch (code) {
    case 'N': return "number";
    case 'n': return "number of the branch";
    case 'T': return "truth";
    case 't': return "set";
    case 'A': return "answer";
    default: return "any";
  }
}

std::string types_of(genome::Op op) {
  std::string out;
  for (const genome::Signature& s : genome::signatures()) {
    if (s.op != op) continue;
    std::string operands;
    for (const char code : s.operands)
      operands += fmt::format("{}{}", operands.empty() ? "" : ", ", operand_name(code));
    out += fmt::format("{}({}) gives {}", out.empty() ? "" : "; ", operands, operand_name(s.result));
  }
  return out;
}

std::string operations() {
  std::string out(kOperations);
  for (const genome::OpInfo& op : genome::all_ops()) {
    if (op.form == genome::Form::kNamed) continue;  // see signals_card()
    if (op.form == genome::Form::kLeaf) {
      if (!op.spelling.empty()) out += fmt::format("- {}: {}\n", op.spelling, op.meaning);
    } else {
      out += fmt::format("- {}: {}. {}\n", op.spelling, op.meaning, types_of(op.op));
    }
  }
  return out;
}

std::string limits() {
  const genome::Limits& most = genome::kLimits;
  return fmt::format(kNames, most.name_length, most.schedule, most.registers, most.statements, most.answers,
                     most.depth, most.nodes);
}

std::string example() {
  const auto text = genome::known_controller("cmc");
  EVOTTS_CHECK(text.has_value());
  const auto checked = genome::check_text(*text).controller;
  EVOTTS_CHECK(checked.has_value());
  return genome::print(checked->tree());
}

std::string make_card() {
  return layout() + std::string(kTypes) + statements() + observed() + operations() + limits() +
         "\n## An example\n\n```\n" + example() + "```\n";
}

}  // namespace

std::string signals_card(std::span<const std::string> signals) {
  if (signals.empty()) return {};
  std::string out(kSignals);
  for (const genome::OpInfo& op : genome::all_ops()) {
    if (op.form == genome::Form::kNamed)
      out += fmt::format("- {} ({})\n", op.meaning,
                         genome::describe({genome::Kind::kNumber, genome::Level::kBranch}));
  }
  return out + fmt::format("\nNAME is one of: {}.\n", fmt::join(signals, ", "));
}

const std::string& language_card() {
  static const std::string card = make_card();
  return card;
}

}  // namespace llm_mutators
