#include "genome/reference/language_reference.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "genome/tree/ast.hpp"
#include "genome/tree/observed.hpp"
#include "genome/tree/typing.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

constexpr TopicInfo kTopics[] = {
    {Topic::kSection, "Sections", "section",
     "A controller is a text of lines. Sections come in this order. The first line and the section answer "
     "must "
     "be there."},
    {Topic::kStatement, "Statements", "statement",
     "Statements stand in the sections start and round, one a line. N and M are numbers, KEY is a number of "
     "the branch, SET a set and X any value."},
    {Topic::kClause, "Clauses", "clause", "Parts of statements and of lines of the schedule."},
    {Topic::kType, "Kinds of values", "kind of value", "Every value is of one kind, and kinds never mix."},
    {Topic::kLevel, "Type rules", "type rule",
     "Beside its kind a value has a level: it is a constant, of the question, or of the branch."},
    {Topic::kObservation, "Observed values", "observed value",
     "What an episode shows to the controller. Values of the branch are there for each opened branch."},
    {Topic::kFunction, "Functions", "function",
     "A weight is a number of the branch. Without one, every branch of the set weighs 1."},
    {Topic::kOperator, "Operators", "operator", "They bind as everywhere; see `precedence` among the rules."},
    {Topic::kLiteral, "Written values", "written value", "Beside these there are numbers."},
    {Topic::kRule, "Other rules", "rule", "How texts are read and episodes run."},
    {Topic::kLimit, "Limits", "limit", "How large a controller may be. What goes beyond is an error."},
};

struct Example {
  std::string_view text, value = "", words = "";  // words: in place of the meaning in its table
};

template <typename Of>
struct ExampleOf {
  Of of;
  Example example;
};

constexpr ExampleOf<Op> kOperationExamples[] = {
#define OPERATION_EXAMPLE(identifier, text, value, words) {Op::identifier, {text, value, words}},
#include "genome/reference/examples.def"
};

constexpr ExampleOf<Verb> kStatementExamples[] = {
#define STATEMENT_EXAMPLE(identifier, text) {Verb::identifier, {text}},
#include "genome/reference/examples.def"
};

constexpr ExampleOf<Observable> kObservedExamples[] = {
#define OBSERVED_EXAMPLE(identifier, text) {Observable::k##identifier, {text}},
#include "genome/reference/examples.def"
};

// Of what has no row, none.
template <typename Of, std::size_t size>
Example example_in(const ExampleOf<Of> (&rows)[size], Of of) {
  const auto row = std::ranges::find(rows, of, &ExampleOf<Of>::of);
  return row == std::end(rows) ? Example{} : row->example;
}

struct Rule {
  Topic topic;
  std::string_view word, form, meaning, example;
};
constexpr Rule kRules[] = {
#define RULE(topic, word, form, meaning, example) {Topic::topic, word, form, meaning, example},
#include "genome/reference/rules.def"
};

std::string_view operand_name(char code, Op op) {
  switch (code) {
    case 'N': return "number";
    case 'n': return "number of the branch";
    case 'T': return "truth";
    case 't': return "set";
    case 'A': return "answer";
    default: return op == Op::kAgo ? "register" : "any";
  }
}

// All the ways in which an operation is used: "(number, number) gives number".
std::string types_of(Op op) {
  if (is_signal(op)) return describe({Kind::kNumber, Level::kBranch});
  std::string out;
  for (const Signature& s : signatures()) {
    if (s.op != op) continue;
    std::string operands;
    for (const char code : s.operands)
      operands += fmt::format("{}{}", operands.empty() ? "" : ", ", operand_name(code, op));
    const std::string_view result = s.result == 'X' ? "the same kind" : operand_name(s.result, op);
    out += s.operands.empty() ? std::string(result)
                              : fmt::format("{}({}) gives {}", out.empty() ? "" : "; ", operands, result);
  }
  return out;
}

LanguageEntry entry(Topic topic, std::string_view word, std::string form, std::string type,
                    std::string_view meaning, Example example) {
  return {topic,
          std::string(word),
          std::move(form),
          std::move(type),
          std::string(meaning),
          std::string(example.text),
          std::string(example.value)};
}

LanguageEntry entry_of(const VerbInfo& verb) {
  const std::string_view word = verb.keyword.empty() ? "assignment" : verb.keyword;
  return entry(Topic::kStatement, word, fmt::format("{}{}", verb.keyword, verb.shape), "", verb.meaning,
               example_in(kStatementExamples, verb.verb));
}

LanguageEntry entry_of(const Observed& o) {
  const std::string type =
      o.type.level == Level::kConstant ? fmt::format("constant {}", name_of(o.type.kind)) : describe(o.type);
  return entry(Topic::kObservation, o.name, std::string(o.name), type, o.meaning,
               example_in(kObservedExamples, o.observable));
}

std::string form_of(const OpInfo& op) {
  switch (op.form) {
    case Form::kPrefix: return fmt::format("{}{}a", op.spelling, op.op == Op::kNot ? " " : "");
    case Form::kInfix: return fmt::format("a {} b", op.spelling);
    case Form::kCall:
    case Form::kNamed: return std::string(op.meaning.substr(0, op.meaning.find(')') + 1));
    case Form::kLeaf: break;
  }
  return std::string(op.spelling);
}

// The meanings of functions begin with how they are written.
std::string_view meaning_of(const OpInfo& op, const std::string& form) {
  std::string_view meaning = op.meaning;
  if (op.form == Form::kLeaf || !meaning.starts_with(form)) return meaning;
  meaning.remove_prefix(form.size());
  return meaning.substr(std::min(meaning.find_first_not_of(":; "), meaning.size()));
}

LanguageEntry entry_of(const OpInfo& op) {
  const Topic topic = op.form == Form::kCall    ? Topic::kFunction
                      : op.form == Form::kNamed ? Topic::kObservation
                      : op.form == Form::kLeaf  ? Topic::kLiteral
                                                : Topic::kOperator;
  const std::string form = form_of(op);
  const Example example = example_in(kOperationExamples, op.op);
  const std::string_view meaning = example.words.empty() ? meaning_of(op, form) : example.words;
  return entry(topic, op.spelling, form, types_of(op.op), meaning, example);
}

std::vector<LanguageEntry> limit_entries() {
  std::vector<LanguageEntry> found;
  const auto limit = [&](std::string_view word, auto most, std::string_view meaning) {
    found.push_back(entry(Topic::kLimit, word, fmt::format("{}", most), "", meaning, {}));
  };
  limit("text size", kLimits.text_bytes, "bytes of a text");
  limit("name length", kLimits.name_length, "characters of a name");
  limit("signal length", kLimits.signal_length, "characters of a signal's name");
  limit("rounds", kLimits.rounds, fmt::format("rounds; {} when the line is left out", kDefaultRounds));
  limit("schedule entries", kLimits.schedule, "entries of the schedule");
  limit("registers", kLimits.registers, "registers in memory, and as many in branch");
  limit("statements", kLimits.statements, "statements in start, and as many in round");
  limit("answers", kLimits.answers, "lines of the section answer");
  limit("depth", kLimits.depth, "nested levels of an expression");
  limit("nodes", kLimits.nodes, "names, numbers, operations and statements together");
  limit("branches", 64, "branches opened in an episode; statements open as many as are left");
  limit("diagnostics", kLimits.diagnostics, "problems that are told of one text");
  limit("problems", kLimits.problems, "problems after which a text is read no further");
  return found;
}

std::vector<LanguageEntry> make_entries() {
  std::vector<LanguageEntry> all;
  for (const VerbInfo& verb : all_verbs()) all.push_back(entry_of(verb));
  for (const Observed& o : observed_values()) all.push_back(entry_of(o));
  for (const OpInfo& op : all_ops()) {
    if (!op.spelling.empty()) all.push_back(entry_of(op));
  }
  for (const Rule& rule : kRules)
    all.push_back(entry(rule.topic, rule.word, std::string(rule.form), "", rule.meaning, {rule.example}));
  for (LanguageEntry& limit : limit_entries()) all.push_back(std::move(limit));
  std::ranges::stable_sort(all, {}, &LanguageEntry::topic);
  return all;
}

std::string lowered(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

constexpr std::string_view kFrame = R"(controller example

schedule
  width    rises round(2 + 6*beta)
  patience rises 3 + 5*beta

memory
  ema = 0

branch
  strikes = 0

start
  open width

round
  let best = top(active)
  advance active by 1
  {}

answer
  top(finished)
  top(not pruned)
)";

}  // namespace

std::span<const TopicInfo> all_topics() { return kTopics; }

const TopicInfo& about(Topic topic) { return kTopics[static_cast<std::size_t>(topic)]; }

std::span<const LanguageEntry> language_entries() {
  static const std::vector<LanguageEntry> entries = make_entries();
  return entries;
}

std::vector<const LanguageEntry*> entries_of(std::string_view word) {
  std::vector<const LanguageEntry*> found;
  for (const LanguageEntry& each : language_entries()) {
    if (each.word == lowered(word)) found.push_back(&each);
  }
  return found;
}

std::vector<std::string> language_words() {
  std::vector<std::string> words;
  for (const LanguageEntry& each : language_entries()) {
    if (std::ranges::count(words, each.word) == 0) words.push_back(each.word);
  }
  return words;
}

std::string example_frame(std::string_view statement) { return fmt::format(kFrame, statement); }

}  // namespace genome
