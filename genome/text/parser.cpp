#include "genome/text/parser.hpp"

#include <fmt/format.h>
#include <set>
#include <utility>
#include <vector>

#include "genome/text/lexer.hpp"
#include "genome/text/line_parser.hpp"
#include "genome/tree/text_place.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

const Expr kUnreadable{{Node{.op = Op::kError}}};

class Parser {
 public:
  Parsed run(std::string_view text) {
    if (text.size() > kLimits.text_bytes) {
      report({Severity::kError,
              "size",
              fmt::format("expected a text of at most {} bytes, found {}", kLimits.text_bytes, text.size()),
              "",
              {}});
      parsed_.controller = {.name = "unnamed", .answer = {kUnreadable}};
      return std::move(parsed_);
    }
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    for (std::uint32_t number = 1; !text.empty(); ++number) {
      if (parsed_.diagnostics.size() >= kLimits.problems) {
        parsed_.read_lines = number - 1;
        return std::move(parsed_);
      }
      const auto end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      LexedLine lexed = lex_line(line, number);
      readable_ = lexed.problems.empty();
      any_ = any_ || !readable_ || !lexed.tokens.empty();
      if (!lexed.tokens.empty()) {
        const Token& last = lexed.tokens.back();
        line_of(lexed, {number, last.at.column + last.at.length, 1});
      }
      for (Diagnostic& problem : lexed.problems) report(std::move(problem));
    }
    finish();
    return std::move(parsed_);
  }

 private:
  void report(Diagnostic diagnostic) { parsed_.diagnostics.push_back(std::move(diagnostic)); }

  // A line with bad characters is read for the names it declares, and judged no further: unless already its
  // beginning is wrong, which then is all that is told.
  void line_of(LexedLine& lexed, Position end) {
    LineParser line(lexed.tokens, end);
    try {
      if (lexed.tokens.size() == 1 && begins_section(lexed.tokens[0])) return;
      if (!content(line)) lexed.problems.clear();
    } catch (LineError& error) {
      const bool second_word =
          readable_ || (lexed.tokens.size() > 1 && lexed.tokens[1].at.column < lexed.problems[0].at.column);
      const bool beginning =
          error.diagnostic.code == "heading" || (error.diagnostic.code == "statement" && second_word);
      if (beginning) lexed.problems.clear();
      if (readable_ || beginning) report(std::move(error.diagnostic));
    }
  }

  // A word alone on its line begins a section; so it does misspelt, where nothing else could be meant.
  bool begins_section(const Token& token) {
    if (section_named(token.text) == Section::kAnswer && section_ == Section::kAnswer)
      return false;  // the observed value
    if (section_named(token.text)) {
      begin_section(token, *section_named(token.text));
      return true;
    }
    if (token.kind != TokenKind::kWord || verb_named(token.text) || section_ == Section::kAnswer)
      return false;
    static const std::vector<std::string> sections = {"schedule", "memory", "branch",
                                                      "start",    "round",  "answer"};
    const std::string near = nearest(token.text, sections);
    if (near.empty()) return false;
    report({Severity::kError, "section",
            fmt::format("expected the name of a section, found {}", quoted(token.text)),
            fmt::format("did you mean '{}'?", near), token.at});
    section_ = *section_named(near);
    seen_.insert(section_);
    return true;
  }

  void begin_section(const Token& token, Section section) {
    if (!seen_.insert(section).second) {
      report({Severity::kError, "section",
              fmt::format("expected each section once, found '{}' again", token.text), "", token.at});
    }
    section_ = section;
  }

  // False when the line is to be passed over.
  bool content(LineParser& line) {
    Controller& c = parsed_.controller;
    if (line.next_is("controller") || line.next_is("rounds")) return heading(line), true;
    switch (section_) {
      case Section::kNone: return stray(line);
      case Section::kSchedule: {
        ScheduleEntry& entry = c.schedule.emplace_back(ScheduleEntry{.value = kUnreadable});
        line.schedule_entry(entry);
        if (!readable_) entry.value = kUnreadable;
        break;
      }
      case Section::kMemory: declared_register(line, c.memory); break;
      case Section::kBranch: declared_register(line, c.branch); break;
      case Section::kStart: statement(line, c.start); break;
      case Section::kRound: statement(line, c.round); break;
      case Section::kAnswer: {
        c.answer.push_back(kUnreadable);
        Expr value = line.expression();
        line.expect_end();
        if (readable_) c.answer.back() = std::move(value);
        break;
      }
    }
    return true;
  }

  void declared_register(LineParser& line, std::vector<Register>& into) {
    Register& read = into.emplace_back(Register{.initial = kUnreadable});
    line.declared_register(read);
    if (!readable_) read.initial = kUnreadable;
  }

  void statement(LineParser& line, std::vector<Statement>& into) {
    Statement read;
    // Only the declaration of a bad line is kept, so that later lines may use the name.
    const auto declaration = [&] {
      if (read.verb != Verb::kLet || read.target.empty()) return;
      into.push_back({.verb = Verb::kLet, .target = read.target, .value = kUnreadable, .at = read.at});
    };
    try {
      line.statement(read);
    } catch (LineError&) {
      declaration();
      throw;
    }
    if (readable_)
      into.push_back(std::move(read));
    else
      declaration();
  }

  // `controller NAME` or `rounds N`.
  void heading(LineParser& line) {
    const Token first = *line.peek();
    const auto wrong = [&](std::string message) {
      throw LineError{{Severity::kError, "heading", std::move(message), "", first.at}};
    };
    if (line.accept("controller")) {
      if (named_) wrong("expected one line 'controller NAME', found another");
      named_ = true;
      const Token* name = line.peek();
      if (name == nullptr || !is_identifier(name->text))
        line.fail("heading", "the controller's name", "a name is letters, digits and '_'");
      if (readable_) parsed_.controller.name = name->text;
      line.accept(name->text);
    } else {
      if (limited_) wrong("expected one line 'rounds N', found another");
      line.accept("rounds");
      limited_ = true;
      const int rounds = line.whole_number("the greatest number of rounds", 1, kLimits.rounds);
      if (readable_) parsed_.controller.rounds = rounds;
    }
    line.expect_end();
    if (section_ != Section::kNone) wrong(fmt::format("expected '{}' before the first section", first.text));
  }

  // A line before the first section. What follows up to a section is of the same mistake.
  bool stray(LineParser& line) {
    if (std::exchange(strayed_, true)) return false;
    const Token first = *line.peek();
    const std::vector<std::string> words = {"controller", "rounds", "schedule", "memory",
                                            "branch",     "start",  "round",    "answer"};
    const std::string near = nearest(first.text, words);
    named_ = named_ || near == "controller";
    const Token* second = line.peek(1);
    std::string hint = near.empty() ? "" : fmt::format("did you mean '{}'?", near);
    if (section_named(first.text))
      hint = "a section's name stands alone on its line";
    else if (second != nullptr && (second->text == "rises" || second->text == "falls"))
      hint = "such a line belongs into the section schedule";
    line.fail("heading", "'controller NAME', 'rounds N' or the name of a section", hint);
  }

  void finish() {
    const auto missing = [&](std::string message, std::string hint) {
      report({Severity::kError, "incomplete", std::move(message), std::move(hint), {}});
    };
    if (parsed_.controller.name.empty()) parsed_.controller.name = "unnamed";
    const std::string_view answer_hint =
        "the last section says what to answer: a line 'answer', then e.g. a line 'top(finished)'";
    if (!any_) {
      missing("expected a controller, found an empty text",
              "a controller begins with the line 'controller NAME'");
    } else {
      if (!named_)
        missing("expected the line 'controller NAME' at the beginning, found none", "e.g. controller mine");
      if (!seen_.contains(Section::kAnswer))
        missing("expected a section 'answer', found none", std::string(answer_hint));
      else if (parsed_.controller.answer.empty())
        missing("expected an expression in the section 'answer', found none", "e.g. top(finished)");
    }
    if (parsed_.controller.answer.empty()) parsed_.controller.answer.push_back(kUnreadable);
  }

  Parsed parsed_;
  Section section_ = Section::kNone;
  std::set<Section> seen_;
  bool readable_ = true;  // the line at hand: every letter of it
  bool any_ = false;      // something stands in the text
  bool named_ = false;    // there is a line 'controller NAME', good or bad
  bool limited_ = false;  // there is a line 'rounds N'
  bool strayed_ = false;  // a line before the first section was reported
};

}  // namespace

Parsed parse(std::string_view text) { return Parser().run(text); }

}  // namespace genome
