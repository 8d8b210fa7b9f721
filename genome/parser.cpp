#include "genome/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "genome/lexer.hpp"
#include "genome/line_parser.hpp"
#include "genome/vocabulary.hpp"

namespace genome {
namespace {

const Expr kUnreadable{{Node{.op = Op::kError}}};

class Parser {
 public:
  Parsed run(std::string_view text) {
    if (text.size() > kLimits.text_bytes) {
      report({Severity::kError, "size", fmt::format("expected a text of at most {} bytes, found {}", kLimits.text_bytes, text.size()), "", {}});
      return std::move(parsed_);
    }
    std::uint32_t number = 0;
    while (!text.empty()) {
      const auto end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      LexedLine lexed = lex_line(line, ++number);
      const bool readable = lexed.problems.empty();
      for (Diagnostic& problem : lexed.problems) report(std::move(problem));
      if (lexed.tokens.empty()) continue;
      const Token& last = lexed.tokens.back();
      const Position end_of_line{number, last.at.column + last.at.length, 1};
      line_of(lexed.tokens, end_of_line, readable);
    }
    finish(number);
    return std::move(parsed_);
  }

 private:
  void report(Diagnostic diagnostic) { parsed_.diagnostics.push_back(std::move(diagnostic)); }

  // A line whose letters were already bad is read for the names it declares, but not judged again.
  void line_of(const std::vector<Token>& tokens, Position end, bool judge) {
    LineParser line(tokens, end);
    try {
      if (tokens.size() == 1 && section_named(tokens[0].text)) return begin_section(tokens[0]);
      content(line);
    } catch (LineError& error) {
      if (judge) report(std::move(error.diagnostic));
    }
  }

  void begin_section(const Token& token) {
    const Section section = *section_named(token.text);
    if (!seen_.insert(section).second) {
      report({Severity::kError, "section", fmt::format("expected each section once, found '{}' again", token.text), "", token.at});
    } else if (section < section_) {
      report({Severity::kError, "section", fmt::format("expected '{}' before '{}'", token.text, name_of(section_)),
              "the order is schedule, memory, branch, start, round, answer", token.at});
    }
    section_ = section;
  }

  void content(LineParser& line) {
    Controller& c = parsed_.controller;
    switch (section_) {
      case Section::kNone: return heading(line);
      case Section::kSchedule:
        c.schedule.push_back({.value = kUnreadable});
        return line.schedule_entry(c.schedule.back());
      case Section::kMemory:
        c.memory.push_back({.initial = kUnreadable});
        return line.declared_register(c.memory.back());
      case Section::kBranch:
        c.branch.push_back({.initial = kUnreadable});
        return line.declared_register(c.branch.back());
      case Section::kStart: return statement(line, c.start);
      case Section::kRound: return statement(line, c.round);
      case Section::kAnswer: {
        c.answer.push_back(kUnreadable);
        Expr value = line.expression();
        line.expect_end();
        c.answer.back() = std::move(value);
        return;
      }
    }
  }

  static void statement(LineParser& line, std::vector<Statement>& into) {
    Statement read;
    try {
      line.statement(read);
      into.push_back(std::move(read));
    } catch (LineError&) {
      // Only the declaration of a bad line is kept, so that later lines may use the name.
      if (read.verb == Verb::kLet && !read.target.empty()) {
        into.push_back({.verb = Verb::kLet, .target = read.target, .value = kUnreadable, .at = read.at});
      }
      throw;
    }
  }

  void heading(LineParser& line) {
    const Token first = *line.peek();
    if (line.accept("controller")) {
      if (!parsed_.controller.name.empty()) {
        throw LineError{{Severity::kError, "heading", "expected one line 'controller NAME', found another", "", first.at}};
      }
      const Token* name = line.peek();
      if (name == nullptr || !is_identifier(name->text)) line.fail("heading", "the controller's name", "a name is letters, digits and '_'");
      parsed_.controller.name = name->text;
      line.accept(name->text);
      return line.expect_end();
    }
    if (line.accept("rounds")) {
      parsed_.controller.rounds = line.whole_number("the greatest number of rounds", 1, kLimits.rounds);
      return line.expect_end();
    }
    std::vector<std::string> words = {"controller", "rounds", "schedule", "memory", "branch", "start", "round", "answer"};
    const std::string near = nearest(first.text, words);
    line.fail("heading", "'controller NAME', 'rounds N' or the name of a section",
              section_named(first.text) ? "a section's name stands alone on its line"
                                        : near.empty() ? "" : fmt::format("did you mean '{}'?", near));
  }

  void finish(std::uint32_t lines) {
    const auto empty = [&](std::string message, std::string hint) {
      report({Severity::kError, "incomplete", std::move(message), std::move(hint), {}});
    };
    if (parsed_.controller.name.empty() && !named_badly()) {
      empty(lines == 0 ? "expected a controller, found an empty text" : "expected the line 'controller NAME' at the beginning",
            "a controller begins with 'controller NAME'");
      parsed_.controller.name = "unnamed";
    }
    if (!seen_.contains(Section::kAnswer)) empty("expected a section 'answer', found none", "e.g.\nanswer\n  top(finished)");
    else if (parsed_.controller.answer.empty()) empty("expected an expression in the section 'answer', found none", "e.g. top(finished)");
  }

  bool named_badly() const {
    return std::any_of(parsed_.diagnostics.begin(), parsed_.diagnostics.end(), [](const Diagnostic& d) { return d.code == "heading"; });
  }

  Parsed parsed_;
  Section section_ = Section::kNone;
  std::set<Section> seen_;
};

}  // namespace

Parsed parse(std::string_view text) { return Parser().run(text); }

}  // namespace genome
