// forms.hpp: what the value of a key may be: how it is read, checked, written and described.
// Why:      a dozen kinds of value serve all keys of an experiment and all fields of a model.
// Use:      const Form<std::int64_t> orderings = whole(1, 10'000);
//           const Form<std::optional<double>> money = or_none(bounded(0, 1e16));
//           const Binding<Experiment> key = bound_to<Experiment>(&Experiment::orderings, orderings);
// Promises: a form reads what it writes to an equal value. Reading gives nothing unless all is right, and a
//           binding then leaves its member alone.
// Threads:  constant data.
// Tests:    tests/experiments/config/experiment_file_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "experiments/config/value.hpp"

namespace experiments {

template <typename T>
struct Form {
  std::string expected;  // "a whole number from 1 to 10000"
  std::function<std::optional<T>(const Value&)> read;
  std::function<std::string(const T&)> write;  // as TOML; empty: nothing is to be written
  // What is wrong with a value that was not read, where that can be said better.
  std::function<std::string(const Value&)> fault = {};
  // Reads what is refused today but may stand in a run of an earlier program; may be empty.
  std::function<std::optional<T>(const Value&)> read_recorded = {};
  std::string expected_ever = {};  // what that reads, for a value that not even it can be
};

Form<std::int64_t> whole(std::int64_t low, std::int64_t high);

Form<double> number(std::string expected, std::function<bool(double)> allowed);
Form<double> between(double low, double high);
Form<double> above(double low);
// Runs of earlier programs may hold any larger number.
Form<double> bounded(double low, double high);

Form<bool> truth();

Form<std::string> string_of(std::string expected, std::function<bool(const std::string&)> allowed);
// A string of at most `most` bytes without characters that genome::base::is_harmful().
Form<std::string> line(std::size_t most);
bool is_line(std::string_view text, std::size_t most);

// Arrays; `allowed` sees all items.
Form<std::vector<std::string>> strings(std::string expected,
                                       std::function<bool(const std::vector<std::string>&)> allowed);
Form<std::vector<double>> numbers(std::string expected,
                                  std::function<bool(const std::vector<double>&)> allowed);
// A program and its arguments: strings without zero bytes, the first not empty; an empty array is no program.
Form<std::vector<std::string>> command(std::string expected);

// One of a few words.
template <typename E>
Form<E> one_of(std::string expected, std::vector<std::pair<std::string_view, E>> words) {
  const auto read = [words](const Value& value) -> std::optional<E> {
    const auto* text = std::get_if<std::string>(&value.held);
    for (const auto& [word, meaning] : words) {
      if (text != nullptr && *text == word) return meaning;
    }
    return std::nullopt;
  };
  const auto write = [words](E meaning) {
    for (const auto& [word, each] : words) {
      if (each == meaning) return toml_string(word);
    }
    return toml_string("");
  };
  return {std::move(expected), read, write};
}

// Also the word "none".
template <typename T>
Form<std::optional<T>> or_none(const Form<T>& form) {
  const auto reader = [](const auto& inner) {
    return [inner](const Value& value) -> std::optional<std::optional<T>> {
      const auto* text = std::get_if<std::string>(&value.held);
      if (text != nullptr && *text == "none") return std::optional<T>();
      const std::optional<T> found = inner(value);
      if (!found) return std::nullopt;  // not as expected, which is not the same as none
      return std::optional<std::optional<T>>(std::in_place, found);
    };
  };
  const auto write = [form](const std::optional<T>& held) {
    return held ? form.write(*held) : toml_string("none");
  };
  Form<std::optional<T>> also{form.expected + ", or \"none\"", reader(form.read), write};
  if (form.read_recorded) also.read_recorded = reader(form.read_recorded);
  if (form.read_recorded) also.expected_ever = form.expected_ever + ", or \"none\"";
  return also;
}

// Not written when there is none.
template <typename T>
Form<std::optional<T>> if_given(const Form<T>& form) {
  const auto read = [form](const Value& value) -> std::optional<std::optional<T>> {
    const std::optional<T> found = form.read(value);
    if (!found) return std::nullopt;  // not as expected, which is not the same as none
    return std::optional<std::optional<T>>(std::in_place, found);
  };
  const auto write = [form](const std::optional<T>& held) {
    return held ? form.write(*held) : std::string();
  };
  return {form.expected, read, write, form.fault};
}

// Not written when it is empty.
template <typename T>
Form<T> unless_empty(Form<T> form) {
  form.write = [write = form.write](const T& held) { return held.empty() ? std::string() : write(held); };
  return form;
}

// A form of one member of S.
template <typename S>
struct Binding {
  std::string expected;
  std::function<bool(const Value&, S&)> read;  // whether the value is as expected
  std::function<std::string(const S&)> write;
  std::function<std::string(const Value&)> fault;
  std::function<bool(const Value&, S&)> read_recorded;  // likewise, of a run of an earlier program; or empty
  std::string expected_ever;
};

// `member` is a pointer to a member, or a function of S& that gives one.
template <typename S, typename Member, typename T>
Binding<S> bound_to(Member member, const Form<T>& form) {
  using Held = std::remove_cvref_t<std::invoke_result_t<Member, S&>>;
  const auto reader = [member](const auto& inner) {
    return [=](const Value& value, S& in) {
      std::optional<T> found = inner(value);
      if (found) std::invoke(member, in) = static_cast<Held>(std::move(*found));
      return found.has_value();
    };
  };
  const auto write = [=](const S& in) { return form.write(static_cast<T>(std::invoke(member, in))); };
  Binding<S> bound{form.expected, reader(form.read), write, form.fault, {}, form.expected_ever};
  if (form.read_recorded) bound.read_recorded = reader(form.read_recorded);
  return bound;
}

}  // namespace experiments
