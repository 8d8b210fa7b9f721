// line_parser.hpp: the tokens of one line -> expressions, a statement or a declaration.
// Why:      used by parser.cpp alone; it knows the inside of lines, the parser the order of sections.
// Promises: the first mistake of a line throws LineError, which the parser turns into a diagnostic.
// Threads:  each object belongs to one call of parse().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "genome/text/lexer.hpp"
#include "genome/tree/ast.hpp"
#include "genome/tree/diagnostic.hpp"

namespace genome {

struct LineError {
  Diagnostic diagnostic;
};

class LineParser {
 public:
  LineParser(const std::vector<Token>& tokens, Position line_end) : tokens_(tokens), line_end_(line_end) {}

  Expr expression();
  // The rest of a statement line; `into` is filled as far as the line can be read.
  void statement(Statement& into);
  // `NAME rises|falls expression`
  void schedule_entry(ScheduleEntry& into);
  // `NAME = expression`
  void declared_register(Register& into);

  bool at_end() const { return next_ == tokens_.size(); }
  void expect_end();
  // A name that is free to be declared.
  std::string declared_name(std::string_view what);
  // A whole number literal in [low, high].
  int whole_number(std::string_view what, int low, int high);
  const Token* peek(std::size_t ahead = 0) const {
    return next_ + ahead < tokens_.size() ? &tokens_[next_ + ahead] : nullptr;
  }
  bool next_is(std::string_view text) const { return peek() != nullptr && peek()->text == text; }
  bool accept(std::string_view text);
  void expect(std::string_view text, std::string_view where);
  [[noreturn]] void fail(std::string code, std::string_view expected, std::string hint = "") const;

 private:
  // Each puts the nodes of what it reads behind those read before, operands first: nothing is moved twice.
  void binary(int least_binding);
  void unary();
  void power();
  void primary();
  void call(const Token& name);
  void signal_name(Op op, Position at);
  void put(Node node);
  void put(Expr leaf, Position at);
  void put(Op op, std::size_t arity, Position at);
  Position here() const { return at_end() ? line_end_ : tokens_[next_].at; }
  void clauses(Statement& into);

  const std::vector<Token>& tokens_;
  Position line_end_;
  std::size_t next_ = 0;
  int nesting_ = 0;
  std::vector<Node> read_;  // of the expression at hand
};

}  // namespace genome
