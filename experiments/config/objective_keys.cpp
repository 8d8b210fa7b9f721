// Keys of [objective] whose values are words, numbers or tables.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/config/experiment_keys.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using evo::Charge;
using evo::Experiment;
using evo::Limits;
using genome::base::visible;

constexpr double kMostTokens = 1e15;

// A number of a table: its name, where it goes, what it may be.
template <typename S>
struct NumberField {
  std::string name;
  std::function<void(S&, double)> put;
  std::function<std::optional<double>(const S&)> get;  // nothing: it is not written
  double low = 0, high = 0;
};

template <typename S>
std::string names_of(const std::vector<NumberField<S>>& fields) {
  std::vector<std::string> names;
  for (const auto& each : fields) names.push_back(each.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// Reads a table; what is wrong with it otherwise.
template <typename S>
std::optional<std::string> read_fields(const std::vector<NumberField<S>>& fields,
                                       const std::vector<Field>& given, S& into) {
  for (const Field& each : given) {
    const auto known = std::ranges::find(fields, each.name, &NumberField<S>::name);
    if (known == fields.end())
      return fmt::format("there is no \"{}\" in this table; it may have {}", visible(each.name, 60),
                         names_of(fields));
    const std::optional<double> number = as_number(each.value);
    if (!number || !(*number >= known->low && *number <= known->high))
      return fmt::format("{} must be a number from {:g} to {:g}, found {}", each.name, known->low,
                         known->high, shown(each.value));
    known->put(into, *number == 0 ? 0.0 : *number);  // nor is a zero below zero
  }
  return std::nullopt;
}

template <typename S>
std::string written_fields(const std::vector<NumberField<S>>& fields, const S& from) {
  std::vector<std::string> pairs;
  for (const auto& each : fields) {
    if (const auto number = each.get(from)) pairs.push_back(fmt::format("{} = {}", each.name, *number));
  }
  return fmt::format("{{ {} }}", fmt::join(pairs, ", "));
}

template <typename S>
NumberField<S> weight(std::string name, double S::*member) {
  return {std::move(name), [=](S& in, double number) { in.*member = number; },
          [=](const S& in) { return in.*member == 0 ? std::nullopt : std::optional(in.*member); }, 0,
          Charge::kMost};
}

const std::vector<NumberField<Charge>>& weights() {
  static const std::vector<NumberField<Charge>> fields = {weight("tokens", &Charge::tokens),
                                                          weight("latency_tokens", &Charge::latency_tokens)};
  return fields;
}

NumberField<Limits> limit(std::string name, std::optional<double> Limits::*member, double low, double high) {
  return {std::move(name), [=](Limits& in, double number) { in.*member = number; },
          [=](const Limits& in) { return in.*member; }, low, high};
}

const std::vector<NumberField<Limits>>& limits() {
  static const std::vector<NumberField<Limits>> fields = {
      limit("tokens", &Limits::tokens, 1, kMostTokens),
      limit("latency_p95", &Limits::latency_p95, 1, kMostTokens),
      limit("accuracy", &Limits::accuracy, 0, 100)};
  return fields;
}

constexpr const char* kChargeForms =
    "\"tokens\", \"latency_tokens\", or weights of both, as in { tokens = 0.7, latency_tokens = 0.3 }";
constexpr const char* kLimitsForms =
    "\"none\", or a table with some of tokens, latency_p95 and accuracy, as in { tokens = 200000, "
    "accuracy = 60 }";

// Reads a charge; what is wrong with it otherwise.
std::optional<std::string> read_charge(const Value& value, Charge& charge) {
  const auto* word = std::get_if<std::string>(&value.held);
  const auto* fields = std::get_if<std::vector<Field>>(&value.held);
  Charge found{.tokens = 0, .latency_tokens = 0};
  if (word != nullptr && (*word == "tokens" || *word == "latency_tokens")) {
    (*word == "tokens" ? found.tokens : found.latency_tokens) = 1;
  } else if (fields == nullptr) {
    return fmt::format("must be {}, found {}", kChargeForms, shown(value));
  } else if (auto fault = read_fields(weights(), *fields, found)) {
    return fault;
  } else if (!is_charge(found)) {
    return fmt::format("weights must be 0, or from {:g} to {:g}, and one of them above 0", Charge::kLeast,
                       Charge::kMost);
  }
  charge = found;
  return std::nullopt;
}

std::optional<std::string> read_limits(const Value& value, Limits& limits_read) {
  const auto* word = std::get_if<std::string>(&value.held);
  const auto* fields = std::get_if<std::vector<Field>>(&value.held);
  Limits found;
  if (word == nullptr || *word != "none") {
    if (fields == nullptr || fields->empty())
      return fmt::format("must be {}, found {}", kLimitsForms, shown(value));
    if (auto fault = read_fields(limits(), *fields, found)) return fault;
  }
  limits_read = found;
  return std::nullopt;
}

// A binding of a member by a function that reads it or tells what is wrong.
template <typename T>
Binding<Experiment> told(std::string expected, T Experiment::*member,
                         std::optional<std::string> (*read)(const Value&, T&),
                         std::function<std::string(const T&)> write) {
  Binding<Experiment> binding;
  binding.expected = std::move(expected);
  binding.read = [=](const Value& value, Experiment& into) { return !read(value, into.*member); };
  binding.write = [=](const Experiment& from) { return write(from.*member); };
  binding.fault = [=](const Value& value) {
    T scratch;
    return read(value, scratch).value_or("");
  };
  return binding;
}

}  // namespace

Binding<Experiment> charge_binding() {
  return told<Charge>(kChargeForms, &Experiment::charge, read_charge, [](const Charge& charge) {
    if (charge.is_tokens() || charge.is_latency()) return toml_string(unit_of(charge));
    return written_fields(weights(), charge);
  });
}

Binding<Experiment> limits_binding() {
  return told<Limits>(kLimitsForms, &Experiment::limits, read_limits, [](const Limits& held) {
    return held.any() ? written_fields(limits(), held) : toml_string("none");
  });
}

Form<double> budget_form() {
  constexpr std::string_view kData = "data";
  const Form<double> tokens = above(0);
  const auto read = [=](const Value& value) -> std::optional<double> {
    const auto* word = std::get_if<std::string>(&value.held);
    return word != nullptr && *word == kData ? std::optional(Experiment::kFromData) : tokens.read(value);
  };
  const auto write = [=](double held) {
    return held == Experiment::kFromData ? toml_string(kData) : tokens.write(held);
  };
  return {tokens.expected + ", or \"data\"", read, write};
}

}  // namespace experiments
