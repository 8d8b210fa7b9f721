#include "genome/lint/branch_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "genome/lint/fixed_course.hpp"
#include "genome/lint/ranges.hpp"

namespace genome {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-9;  // what a schedule's rounding may add to a whole number

// An expression as slope * `name` + rest.
struct Line {
  double slope = 0;
  Range rest;
};

// The statements of one section with what their names are known to be.
class Lines {
 public:
  Lines(const Controller& c, Section section, const ConstantNames& constants)
      : statements_(section == Section::kStart ? c.start : c.round),
        ranges_(c, section, constants),
        // Where every branch is read to its end, those that have finished are those that were opened.
        only_reads_(!opens(c.start) && !opens(c.round)) {}

  const std::vector<Statement>& statements() const { return statements_; }
  Range range(const Expr& e) const { return ranges_.of(e); }

  // The largest value of `name` with which the truth can hold; infinite when it holds with any.
  double most_while(const Expr& truth, std::size_t at, std::string_view name) const {
    const Expr e = unnamed(truth, at);
    switch (e.root().op) {
      case Op::kAnd: return std::min(of_operand(e, 0, at, name), of_operand(e, 1, at, name));
      case Op::kOr: return std::max(of_operand(e, 0, at, name), of_operand(e, 1, at, name));
      case Op::kNot: return most_until(e.extract(e.operand(0, 0)), at, name);
      default: return most_by(e, e.root().op, at, name);
    }
  }

  // The largest value with which the truth can still be false.
  double most_until(const Expr& truth, std::size_t at, std::string_view name) const {
    const Expr e = unnamed(truth, at);
    const auto operand = [&](std::size_t which) {
      return most_until(e.extract(e.operand(0, which)), at, name);
    };
    switch (e.root().op) {
      case Op::kOr: return std::min(operand(0), operand(1));
      case Op::kAnd: return std::max(operand(0), operand(1));
      case Op::kNot: return most_while(e.extract(e.operand(0, 0)), at, name);
      default: return most_by(e, opposite(e.root().op), at, name);
    }
  }

  // How many branches there can be after so many more were opened, whatever there were before, unless there
  // were more already; infinite when each time adds some.
  double most_after(const Expr& count, std::size_t at) const {
    if (range(count).high < 1) return 0;
    const Expr e = unnamed(count, at);
    const auto operand = [&](std::size_t which) { return e.extract(e.operand(0, which)); };
    switch (e.root().op) {
      case Op::kMin: return std::min(most_after(operand(0), at), most_after(operand(1), at));
      case Op::kMax: return std::max(most_after(operand(0), at), most_after(operand(1), at));
      case Op::kIf: return most_after_choice(operand(0), operand(1), operand(2), at);
      case Op::kFloor: return most_after(operand(0), at);
      case Op::kMultiply: return std::min(most_after_share(e, 0, at), most_after_share(e, 1, at));
      case Op::kRound:
      case Op::kCeil: return std::ceil(most_after(operand(0), at) - kRounding);
      default: break;
    }
    return most_after_line(e, at);
  }

 private:
  static bool opens(const std::vector<Statement>& statements) {
    return std::ranges::any_of(statements, [](const Statement& s) { return s.verb == Verb::kOpen; });
  }

  // With a let in place of its name, where the whole expression is one.
  Expr unnamed(const Expr& expression, std::size_t at) const {
    Expr e = expression;
    for (std::size_t before = at; before-- > 0 && e.root().op == Op::kName;) {
      const Statement& s = statements_[before];
      if (s.verb != Verb::kLet || s.target != e.root().name || written_out_ == kMostWrittenOut) continue;
      ++written_out_;
      e = s.value;
    }
    return e;
  }

  double of_operand(const Expr& e, std::size_t which, std::size_t at, std::string_view name) const {
    return most_while(e.extract(e.operand(0, which)), at, name);
  }

  double most_after_line(const Expr& count, std::size_t at) const {
    const Line line = line_of(count, at, "opened");
    if (line.slope >= 0) return kInfinity;
    return std::floor(line.rest.high / std::min(1.0, -line.slope) + kRounding);
  }

  // Of a product, where the other factor is between 0 and 1.
  double most_after_share(const Expr& product, std::size_t which, std::size_t at) const {
    const Range share = range(product.extract(product.operand(0, 1 - which)));
    if (share.low < 0 || share.high > 1) return most_after_line(product, at);
    return most_after(product.extract(product.operand(0, which)), at);
  }

  double most_after_choice(const Expr& condition, const Expr& yes, const Expr& no, std::size_t at) const {
    const double gained = std::floor(range(yes).high), otherwise = std::floor(range(no).high);
    const double with = std::min(most_after(yes, at), most_while(condition, at, "opened") + gained);
    const double without = std::min(most_after(no, at), most_until(condition, at, "opened") + otherwise);
    return std::max(gained < 1 ? 0 : with, otherwise < 1 ? 0 : without);
  }

  static Op opposite(Op op) {
    switch (op) {
      case Op::kLess: return Op::kGreaterEqual;
      case Op::kLessEqual: return Op::kGreater;
      case Op::kGreater: return Op::kLessEqual;
      case Op::kGreaterEqual: return Op::kLess;
      case Op::kEqual: return Op::kNotEqual;
      case Op::kNotEqual: return Op::kEqual;
      default: return op;
    }
  }

  // Of a comparison by `op` of the two operands.
  double most_by(const Expr& e, Op op, std::size_t at, std::string_view name) const {
    const bool strict = op == Op::kLess || op == Op::kGreater;
    const bool turned = op == Op::kGreater || op == Op::kGreaterEqual;
    const bool known = strict || turned || op == Op::kLessEqual || op == Op::kEqual;
    if (!known || e.nodes[0].arity != 2) return kInfinity;
    const Line left = line_of(e.extract(e.operand(0, turned ? 1 : 0)), at, name);
    const Line right = line_of(e.extract(e.operand(0, turned ? 0 : 1)), at, name);
    Line difference{left.slope - right.slope,
                    {left.rest.low - right.rest.high, left.rest.high - right.rest.low}};
    if (op == Op::kEqual && difference.slope < 0)
      difference = {-difference.slope, {-difference.rest.high, -difference.rest.low}};
    if (!(difference.slope > 0)) return kInfinity;
    const double most = -difference.rest.low / difference.slope;
    return strict ? std::ceil(most - kRounding) - 1 : std::floor(most + kRounding);
  }

  bool is_name(const Expr& e, std::string_view name) const {
    if (e.root().op == Op::kName) return e.root().name == name;
    return only_reads_ && name == "opened" && e.root().op == Op::kCount && e.nodes[1].op == Op::kName &&
           e.nodes[1].name == "finished";
  }

  Line line_of(const Expr& expression, std::size_t at, std::string_view name) const {
    const Expr e = unnamed(expression, at);
    if (is_name(e, name)) return {1, {0, 0}};
    const Op op = e.root().op;
    if (op == Op::kAdd || op == Op::kSubtract) return sum_of(e, at, name, op == Op::kAdd ? 1 : -1);
    const auto product =
        op == Op::kMultiply || op == Op::kDivide ? product_of(e, at, name) : std::optional<Line>{};
    return product.value_or(Line{0, range(e)});
  }

  Line sum_of(const Expr& e, std::size_t at, std::string_view name, double sign) const {
    const Line a = line_of(e.extract(e.operand(0, 0)), at, name);
    const Line b = line_of(e.extract(e.operand(0, 1)), at, name);
    const Range more = sign > 0 ? b.rest : Range{-b.rest.high, -b.rest.low};
    return {a.slope + sign * b.slope, {a.rest.low + more.low, a.rest.high + more.high}};
  }

  // Of a line and a positive constant.
  std::optional<Line> product_of(const Expr& e, std::size_t at, std::string_view name) const {
    const bool divides = e.root().op == Op::kDivide;
    for (const std::size_t which : {1U, 0U}) {
      if (divides && which == 0) break;
      const Range factor = range(e.extract(e.operand(0, which)));
      if (!factor.is_point() || !(factor.low > 0)) continue;
      const Line line = line_of(e.extract(e.operand(0, 1 - which)), at, name);
      const double by = divides ? 1 / factor.low : factor.low;
      return Line{line.slope * by, {line.rest.low * by, line.rest.high * by}};
    }
    return std::nullopt;
  }

  // Lets of lets, each used twice, would be written out without end.
  static constexpr int kMostWrittenOut = 200;

  const std::vector<Statement>& statements_;
  Ranges ranges_;
  bool only_reads_;
  mutable int written_out_ = 0;
};

bool opens(const Statement& s) { return s.verb == Verb::kOpen || s.verb == Verb::kRead; }

// What is asked for by a statement each time, and at most by all of its times.
struct Asked {
  double each = 0;
  double least = 0;          // each time, if the statement is done
  double limit = kInfinity;  // how many branches there are after it, unless there were more before
};

Asked asked_by(const Lines& lines, std::size_t at) {
  const Statement& s = lines.statements()[at];
  const Range count = lines.range(s.value);
  Asked asked{.each = std::max(0.0, std::floor(count.high + kRounding)),
              .least = std::max(0.0, std::floor(count.low))};
  if (!s.guard.empty() && lines.range(s.guard).high == 0) return {};
  asked.limit = lines.most_after(s.value, at);
  if (!s.guard.empty())
    asked.limit = std::min(asked.limit, lines.most_while(s.guard, at, "opened") + asked.each);
  return asked;
}

// Opened at most, and the statement that asks for most, up to here.
class Count {
 public:
  double most() const { return bound_.most; }
  BranchBound bound() const { return bound_; }

  void reach(double most) { bound_.most = std::max(bound_.most, most); }

  // `times` of the statement; without a limit of its own each of them counts. A count that is not foreseen
  // may make up for branches that are there, as in width - count(active).
  void add(const Asked& asked, double times, const Statement& s, bool foreseen) {
    if (asked.each < 1 || times < 1) return;
    const double sum =
        foreseen ? bound_.most + asked.each * times : std::max(bound_.most + asked.least, asked.each);
    const double more = std::min(sum, std::max(bound_.most, asked.limit));
    if (more - bound_.most > largest_) {
      largest_ = more - bound_.most;
      bound_.at = s.value.root().at;
    }
    bound_.most = more;
  }

 private:
  BranchBound bound_;
  double largest_ = 0;
};

// How often a statement of the round is done. What the branches show may keep it from being done, or end the
// episode, so that only what is foreseen counts more than once.
double times_of(const FixedCourse& course, const Lines& round, std::size_t at, double asked_limit,
                double rounds) {
  const Expr& guard = round.statements()[at].guard;
  if (!course.foresees_stops() || !course.foresees(at)) return std::min(rounds, 1.0);
  if (guard.empty()) return rounds;
  const double most = std::min(rounds, round.most_while(guard, at, "round") + 1);
  if (const auto times = course.times(at, std::max(0.0, most))) return *times;
  return asked_limit < kInfinity ? most : std::min(most, 1.0);
}

}  // namespace

BranchBound most_branches(const Controller& c, const ConstantNames& constants) {
  const Lines start(c, Section::kStart, constants), round(c, Section::kRound, constants);
  const FixedCourse course(c, constants);
  Count count;
  for (std::size_t i = 0; i < c.start.size(); ++i) {
    if (opens(c.start[i]))
      count.add(asked_by(start, i), 1, c.start[i], course.foresees_count(Section::kStart, i));
  }
  double rounds = c.rounds, before_stop = kInfinity;
  for (std::size_t i = 0; i < c.round.size(); ++i) {
    const Statement& s = c.round[i];
    if (s.verb != Verb::kStop) continue;
    rounds = std::min(rounds, s.guard.empty() ? 1 : round.most_until(s.guard, i, "round") + 2);
    if (!s.guard.empty()) before_stop = std::min(before_stop, round.most_until(s.guard, i, "opened"));
  }
  // Capped statements first: the others add to the largest cap. Where the count itself stops the episode,
  // only one more round adds to it.
  Count once = count;
  if (before_stop < kInfinity) once.reach(before_stop);
  for (const bool capped : {true, false}) {
    for (std::size_t i = 0; i < c.round.size(); ++i) {
      if (!opens(c.round[i])) continue;
      const Asked asked = asked_by(round, i);
      if ((asked.limit < kInfinity) != capped) continue;
      const bool foreseen = course.foresees_count(Section::kRound, i);
      count.add(asked, times_of(course, round, i, asked.limit, rounds), c.round[i], foreseen);
      once.add(asked, 1, c.round[i], foreseen);
    }
  }
  BranchBound bound = before_stop < kInfinity && once.most() < count.most() ? once.bound() : count.bound();
  // Going through the rounds takes time, which pays only for what seems to be too much.
  const auto opened = bound.most > kMostBranches ? course.opened() : std::nullopt;
  if (opened) bound.most = std::min(bound.most, *opened);
  return bound;
}

}  // namespace genome
