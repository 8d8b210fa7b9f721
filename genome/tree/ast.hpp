// ast.hpp: a controller as a tree: what the parser makes, evolution varies and the printer writes.
// Why:      the tree is the genome, so it is a plain value: copied, compared and spliced freely.
// Use:      Controller cmc = parse(text).controller;
//           Expr level = cmc.schedule[0].value;   // nodes in prefix order: a node, then its operands
//           Span first = level.operand(0, 0);     // the extent of the root's first operand
// Promises: equality is of meaning: positions in a text never take part in it. Every Expr holds one
//           well-formed tree, or is empty where a statement leaves that part out.
// Threads:  values; no shared state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace genome {

enum class Op : std::uint8_t {
#define OP(identifier, number, spelling, form, fewest, most, fold, meaning) identifier = number,
#include "genome/tree/ops.def"
};

enum class Form : std::uint8_t { kLeaf, kPrefix, kInfix, kCall, kNamed };

// Whether an operation makes one value of the branches of a set. kOfSets: a reduction when the last operand
// is a set, pointwise otherwise.
enum class Fold : std::uint8_t { kNever, kReduction, kVote, kOfSets };

// What ops.def says about one operation.
struct OpInfo {
  Op op;
  std::string_view identifier;
  std::string_view spelling;
  Form form;
  std::uint8_t fewest;
  std::uint8_t most;
  Fold fold;
  std::string_view meaning;
};

std::span<const OpInfo> all_ops();
const OpInfo& info(Op op);

// Whether it looks at a signal, whose name is Node::name.
inline bool is_signal(Op op) { return op >= Op::kSignal && op <= Op::kSignalMin; }

// Where something stood in a text, from 1; 0 when it comes from no text. All positions are equal, so
// that two trees with the same meaning are equal wherever they were written.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 0;
  friend constexpr bool operator==(const Position&, const Position&) { return true; }
};

struct Node {
  Op op = Op::kError;
  std::uint8_t arity = 0;
  double number = 0;  // of kNumber: finite
  std::string name;   // of kName; of a signal, its own
  Position at;
  friend bool operator==(const Node&, const Node&) = default;
};

// Half-open range of nodes [first, last) of one subtree.
struct Span {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t size() const { return last - first; }
};

// An expression: its nodes in prefix order. Empty means "not there" (an optional part of a statement).
struct Expr {
  std::vector<Node> nodes;

  bool empty() const { return nodes.empty(); }
  std::size_t size() const { return nodes.size(); }
  const Node& root() const { return nodes.front(); }
  // The subtree that starts at node `index`.
  Span subtree(std::size_t index) const;
  // The extent of operand `which` (from 0) of the node at `index`.
  Span operand(std::size_t index, std::size_t which) const;
  Expr extract(Span span) const;
  // This expression with the subtree `span` replaced.
  Expr replaced(Span span, const Expr& with) const;
  // The length of the longest path from the root to a leaf, in nodes.
  std::size_t depth() const;

  friend bool operator==(const Expr&, const Expr&) = default;
};

// Building blocks for code that writes trees.
Expr number(double value);
Expr name(std::string_view text);
Expr signal(Op op, std::string_view name);  // op: one of the signals
Expr truth(bool value);
Expr none();
Expr apply(Op op, std::initializer_list<Expr> operands);

// The expression of nodes in postfix order, which is how a parser comes by them.
Expr of_postfix(std::vector<Node> nodes);

enum class Direction : std::uint8_t { kRises, kFalls };

// One tunable of the schedule: a function of beta in [0, 1] with its direction.
struct ScheduleEntry {
  std::string name;
  Direction direction = Direction::kRises;
  Expr value;
  Position at;
  friend bool operator==(const ScheduleEntry&, const ScheduleEntry&) = default;
};

// A register, of the question (section memory) or of each branch (section branch).
struct Register {
  std::string name;
  Expr initial;
  Position at;
  friend bool operator==(const Register&, const Register&) = default;
};

enum class Verb : std::uint8_t {
  kLet = 1,       // let target = value
  kAssign = 2,    // target = value [for set]
  kOpen = 3,      // open value
  kRead = 4,      // read value
  kAdvance = 5,   // advance set by value [first order]
  kContinue = 6,  // continue set by value [first order]
  kProbe = 7,     // probe set
  kPrune = 8,     // prune set [first order] [keep keep]
  kStop = 9,      // stop
};

// One line of start or round. Parts a verb does not have are empty.
struct Statement {
  Verb verb = Verb::kStop;
  std::string target;
  Expr value;
  Expr set;
  Expr order;
  Expr keep;
  Expr guard;  // every statement may have one
  Position at;
  friend bool operator==(const Statement&, const Statement&) = default;
};

inline constexpr int kDefaultRounds = 1000;

struct Controller {
  std::string name;
  int rounds = kDefaultRounds;
  std::vector<ScheduleEntry> schedule;
  std::vector<Register> memory;
  std::vector<Register> branch;
  std::vector<Statement> start;
  std::vector<Statement> round;
  std::vector<Expr> answer;
  friend bool operator==(const Controller&, const Controller&) = default;
};

// Nodes and statements together: what parsimony counts and size limits bound.
std::size_t size_of(const Controller& controller);

// How far a controller may grow; the checker reports what goes beyond.
struct Limits {
  std::size_t text_bytes = 64 * 1024;
  std::size_t name_length = 48;
  std::size_t schedule = 64;
  std::size_t registers = 32;   // in memory, and in branch
  std::size_t statements = 64;  // in start, and in round
  std::size_t answers = 8;
  std::size_t depth = 48;    // nesting of one expression
  std::size_t nodes = 4000;  // of all expressions together
  int rounds = 10000;
  std::size_t diagnostics = 100;   // told of one text
  std::size_t problems = 400;      // found in one text; after that it is read no further
  std::size_t signal_length = 64;  // of a signal's name
};
inline constexpr Limits kLimits{};

}  // namespace genome
