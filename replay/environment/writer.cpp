// The writer of environment files: to_json of reader.hpp.
#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "genome/base/check.hpp"
#include "replay/environment/collected.hpp"
#include "replay/environment/reader.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

// As Python's json.dumps(text, ensure_ascii=False), which wrote the recordings.
void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\f': out += "\\f"; break;
      case '\b': out += "\\b"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20U) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// ---- without signals: indented, as the published recordings ----

// "[", one answer a line at this indentation, "]" one step further left; "[]" when there are none.
template <class Ids>
void write_answers(std::string& out, const Question& question, const Ids& ids, std::size_t indentation) {
  out += '[';
  bool first = true;
  for (const AnswerId id : ids) {
    out += first ? "\n" : ",\n";
    out.append(indentation, ' ');
    write_string(out, question.answers[static_cast<std::size_t>(id)]);
    first = false;
  }
  if (!first) {
    out += '\n';
    out.append(indentation - 2, ' ');
  }
  out += ']';
}

void write_branch(std::string& out, const Question& question, const Branch& branch) {
  out += "      [\n        ";
  const auto begin = question.probes.begin() + branch.first_probe;
  write_answers(out, question, std::vector<AnswerId>(begin, begin + branch.probes), 10);
  fmt::format_to(std::back_inserter(out), ",\n        {},\n        ", branch.tokens);
  write_string(out, question.answers[static_cast<std::size_t>(branch.final_answer)]);
  out += "\n      ]";
}

// `collected` is that of the environment for its first question, and empty for the others.
void write_question(std::string& out, const Question& question, const std::string& collected) {
  out += "  {\n    \"question\": ";
  write_string(out, question.text);
  out += ",\n    \"final_answers_trace\": ";
  std::vector<AnswerId> finals;
  for (const Branch& branch : question.branches) finals.push_back(branch.final_answer);
  write_answers(out, question, finals, 6);
  out += ",\n    \"each_branch\": [\n";
  for (const Branch& branch : question.branches) {
    take_breath();
    if (&branch != &question.branches.front()) out += ",\n";
    write_branch(out, question, branch);
  }
  out += "\n    ],\n    \"gold_answer\": ";
  write_string(out, question.gold);
  fmt::format_to(std::back_inserter(out), ",\n    \"probe_freq\": {}", question.interval);
  if (!collected.empty()) out += ",\n    \"collected\": " + collected;
  out += "\n  }";
}

// ---- with signals: on one line, as recordings with signals were first written ----

// As Python's repr: the shortest digits that read back as the same double, and never without a point.
void write_number(std::string& out, double value) {
  const std::size_t begin = out.size();
  fmt::format_to(std::back_inserter(out), "{}", value);
  if (out.find_first_of(".e", begin) == std::string::npos) out += ".0";
}

// "[", the items, "]"; each is written by `write_item`.
template <class Items, class WriteItem>
void write_list(std::string& out, const Items& items, WriteItem write_item) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    write_item(item);
  }
  out += ']';
}

// A signal as it is written: its name, and its place among the sorted ones.
struct WrittenSignal {
  std::string_view name;
  std::size_t place = 0;
};

std::vector<WrittenSignal> written_signals(const Environment& environment) {
  const auto& sorted = environment.signals;
  std::vector<WrittenSignal> written;
  for (const std::string& name : environment.written_signals.empty() ? sorted : environment.written_signals) {
    const auto found = std::ranges::find(sorted, name);
    EVOTTS_CHECK(found != sorted.end());
    written.push_back({name, static_cast<std::size_t>(found - sorted.begin())});
  }
  EVOTTS_CHECK(written.size() == sorted.size());
  return written;
}

void write_signals(std::string& out, const Question& question, const Branch& branch,
                   const std::vector<WrittenSignal>& signals) {
  out += '{';
  for (const WrittenSignal& signal : signals) {
    if (&signal != &signals.front()) out += ',';
    write_string(out, signal.name);
    out += ':';
    const auto begin = question.signals[signal.place].latest.begin() + branch.first_signal + 1;
    write_list(out, std::vector<double>(begin, begin + branch.probes + 1),
               [&](double value) { write_number(out, value); });
  }
  out += '}';
}

void write_question_with(std::string& out, const Question& question,
                         const std::vector<WrittenSignal>& signals, const std::string& collected) {
  out += "{\"question\":";
  write_string(out, question.text);
  out += ",\"gold_answer\":";
  write_string(out, question.gold);
  fmt::format_to(std::back_inserter(out), ",\"probe_freq\":{},\"each_branch\":", question.interval);
  const auto write_answer = [&](AnswerId id) {
    write_string(out, question.answers[static_cast<std::size_t>(id)]);
  };
  write_list(out, question.branches, [&](const Branch& branch) {
    take_breath();
    const auto begin = question.probes.begin() + branch.first_probe;
    out += '[';
    write_list(out, std::vector<AnswerId>(begin, begin + branch.probes), write_answer);
    fmt::format_to(std::back_inserter(out), ",{},", branch.tokens);
    write_answer(branch.final_answer);
    out += ',';
    write_signals(out, question, branch, signals);
    out += ']';
  });
  if (!collected.empty()) out += ",\"collected\":" + collected;
  out += '}';
}

}  // namespace

std::string to_json(const Environment& environment) {
  const std::string collected =
      environment.collected.empty() ? std::string() : compact_object(environment.collected);
  const auto collected_of = [&](const Question& question) -> const std::string& {
    static const std::string none;
    return &question == &environment.questions.front() ? collected : none;
  };
  if (!environment.signals.empty()) {
    std::string out;
    const std::vector<WrittenSignal> signals = written_signals(environment);
    write_list(out, environment.questions, [&](const Question& question) {
      write_question_with(out, question, signals, collected_of(question));
    });
    return out;
  }
  std::string out = "[\n";
  for (const Question& question : environment.questions) {
    if (&question != &environment.questions.front()) out += ",\n";
    write_question(out, question, collected_of(question));
  }
  return out + "\n]";
}

Environment without_signals(Environment environment) {
  environment.signals.clear();
  environment.written_signals.clear();
  for (Question& question : environment.questions) {
    question.signals.clear();
    for (Branch& branch : question.branches) branch.first_signal = 0;
  }
  environment.digest = environment_digest(to_json(environment));
  return environment;
}

}  // namespace replay
