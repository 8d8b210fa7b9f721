// values.hpp: what an expression of the controller language can be, and its scalar functions.
// Why:      the oracle carries dynamic values, so that it shows the meaning of the language and not a
//           way to run it fast; here is that meaning for one value or one branch.
// Use:      Value sum = lift<double, double, double>(add, opened, Value(1.0), depths);  // of the branch
//           double third = divide(1, 3);
// Promises: no number is ever NaN: where IEEE arithmetic gives one, the result is 0. Every function
//           is defined for all arguments. Lanes of a branch value stand in opening order.
// Threads:  values and pure functions.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "genome/base/check.hpp"
#include "replay/environment/environment.hpp"

namespace oracle {

using replay::AnswerId;

enum class Kind : std::uint8_t { kNumber, kTruth, kAnswer };
enum class Scope : std::uint8_t { kQuestion, kBranch };

struct Type {
  Kind kind = Kind::kNumber;
  Scope scope = Scope::kQuestion;
  friend bool operator==(const Type&, const Type&) = default;
};

// The scalars are of the question; the vectors of the branch, one element per opened branch.
using Value =
    std::variant<double, bool, AnswerId, std::vector<double>, std::vector<bool>, std::vector<AnswerId>>;

Type type_of(const Value& value);
inline bool is_branch(const Value& value) { return type_of(value).scope == Scope::kBranch; }

// 0, false or none of the given type; for `opened` branches when it is of the branch.
Value empty_value(Type type, std::size_t opened);

// `value`, of the branch, with `fill` (of the question) for the branches opened since it was made.
Value extended(Value value, const Value& fill, std::size_t opened);

// The one value of the question.
template <class T>
T one(const Value& value) {
  EVOTTS_CHECK(std::holds_alternative<T>(value));
  return std::get<T>(value);
}

// The value for branch `lane`; a value of the question stands for every branch.
template <class T>
T at(const Value& value, std::size_t lane) {
  if (!is_branch(value)) return one<T>(value);
  EVOTTS_CHECK(std::holds_alternative<std::vector<T>>(value));
  return std::get<std::vector<T>>(value).at(lane);
}

// The branches of a set, in opening order.
std::vector<std::size_t> members(const Value& set, std::size_t opened);

// f on scalars of types Arguments, taken to values: of the branch as soon as one operand is.
template <class Result, class... Arguments, class F, std::same_as<Value>... Values>
Value lift(F f, std::size_t opened, const Values&... operands) {
  static_assert(sizeof...(Arguments) == sizeof...(Values));
  if (!(is_branch(operands) || ...)) return Value(Result(f(one<Arguments>(operands)...)));
  std::vector<Result> lanes;
  for (std::size_t lane = 0; lane < opened; ++lane) lanes.push_back(f(at<Arguments>(operands, lane)...));
  return Value(std::move(lanes));
}

// Calls f.operator()<T>() with the scalar type T of `kind`.
template <class F>
auto with_kind(Kind kind, F f) {
  switch (kind) {
    case Kind::kNumber: return f.template operator()<double>();
    case Kind::kTruth: return f.template operator()<bool>();
    case Kind::kAnswer: break;
  }
  return f.template operator()<AnswerId>();
}

// The number itself, or 0 where it is none.
double tidy(double a);

double add(double a, double b);
double subtract(double a, double b);
double multiply(double a, double b);
double divide(double a, double b);
double negate(double a);
double power(double a, double b);
double smaller(double a, double b);
double larger(double a, double b);
double absolute(double a);
double floor_of(double a);
double ceiling_of(double a);
double round_even(double a);
double round_to(double a, double digits);
double modulo(double a, double b);
double exponential(double a);
double logarithm(double a);
double square_root(double a);
double mix(double a, double b, double weight);
double beta_confidence(double a, double b);

// A count asked for by a number: rounded down, not below 0, not above `most`.
std::int64_t count_from(double a, std::int64_t most);

}  // namespace oracle
