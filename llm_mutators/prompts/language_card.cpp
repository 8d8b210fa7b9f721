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
#include "llm_mutators/prompts/wording.hpp"

namespace llm_mutators {
namespace {

using genome::Section;

std::string layout(const Wording& words) {
  return fmt::format(
      fmt::runtime(words.layout), fmt::arg("most_rounds", genome::kLimits.rounds),
      fmt::arg("usual_rounds", genome::kDefaultRounds), fmt::arg("schedule", name_of(Section::kSchedule)),
      fmt::arg("memory", name_of(Section::kMemory)), fmt::arg("branch", name_of(Section::kBranch)),
      fmt::arg("start", name_of(Section::kStart)), fmt::arg("round", name_of(Section::kRound)),
      fmt::arg("answer", name_of(Section::kAnswer)));
}

std::string statements(const Wording& words) {
  std::string out(words.statements);
  for (const genome::VerbInfo& verb : genome::all_verbs())
    out += fmt::format("- {}{}: {}\n", verb.keyword, verb.shape, verb.meaning);
  return out;
}

std::string observed(const Wording& words) {
  std::string out(words.observed);
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

std::string operations(const Wording& words) {
  std::string out(words.operations);
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

std::string limits(const Wording& words) {
  const genome::Limits& most = genome::kLimits;
  return fmt::format(fmt::runtime(words.names), fmt::arg("name_length", most.name_length),
                     fmt::arg("schedule", most.schedule), fmt::arg("registers", most.registers),
                     fmt::arg("statements", most.statements), fmt::arg("answers", most.answers),
                     fmt::arg("depth", most.depth), fmt::arg("nodes", most.nodes));
}

std::string example() {
  const auto text = genome::known_controller("cmc");
  EVOTTS_CHECK(text.has_value());
  const auto checked = genome::check_text(*text).controller;
  EVOTTS_CHECK(checked.has_value());
  return genome::print(checked->tree());
}

std::string make_card(const Wording& words) {
  return layout(words) + std::string(words.types) + statements(words) + observed(words) + operations(words) +
         limits(words) + std::string(words.example) + "```\n" + example() + "```\n";
}

}  // namespace

std::string signals_card(std::span<const std::string> signals, int version) {
  if (signals.empty()) return {};
  const Wording& words = wording(version);
  std::string out(words.signals);
  for (const genome::OpInfo& op : genome::all_ops()) {
    if (op.form == genome::Form::kNamed)
      out += fmt::format("- {} ({})\n", op.meaning,
                         genome::describe({genome::Kind::kNumber, genome::Level::kBranch}));
  }
  return out + fmt::format(fmt::runtime(words.signal_names),
                           fmt::arg("names", fmt::format("{}", fmt::join(signals, ", "))));
}

const std::string& language_card(int version) {
  static const std::string first = make_card(wording(1)), second = make_card(wording(2));
  return version == 1 ? first : second;
}

}  // namespace llm_mutators
