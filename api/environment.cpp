#include <evotts/environment.hpp>
#include <fmt/format.h>

#include "api/boundary.hpp"
#include "api/data.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/source.hpp"
#include "replay/sources/synthetic.hpp"

namespace evotts {
namespace {

using detail::Access;
using detail::translated;

// What the builder of questions takes for granted; the rest the reader finds out.
void expect_buildable(std::string_view name, std::size_t index, const RecordedQuestion& question) {
  const std::string place = fmt::format("{}: question {}", genome::base::visible(name), index);
  detail::expect_within(place + ": interval", question.interval, 1, replay::kMaxInterval);
  if (question.branches.empty()) detail::throw_input(place + ": has no branches");
  for (std::size_t b = 0; b < question.branches.size(); ++b) {
    const RecordedBranch& branch = question.branches[b];
    detail::expect_within(fmt::format("{}, branch {}: tokens", place, b), branch.tokens, 0,
                          replay::kMaxTokens);
  }
}

replay::Question built(const RecordedQuestion& question) {
  replay::QuestionBuilder builder(question.text, question.gold, question.interval);
  for (const RecordedBranch& branch : question.branches) {
    for (const std::string& probe : branch.probes) builder.add_probe(probe);
    builder.end_branch(branch.tokens, branch.answer);
  }
  return std::move(builder).finish();
}

const replay::Question& question_at(const replay::Environment& environment, std::size_t index) {
  if (index >= environment.questions.size())
    detail::throw_input(fmt::format("{}: there is no question {}; they are counted from 0 to {}",
                                    genome::base::visible(environment.name), index,
                                    environment.questions.size() - 1));
  return environment.questions[index];
}

RecordedBranch recorded(const replay::Question& question, const replay::Branch& branch) {
  const auto text_of = [&](replay::AnswerId id) { return question.answers[static_cast<std::size_t>(id)]; };
  RecordedBranch copy{{}, branch.tokens, text_of(branch.final_answer)};
  for (std::uint32_t i = 0; i < branch.probes; ++i)
    copy.probes.push_back(text_of(question.probes[branch.first_probe + i]));
  return copy;
}

}  // namespace

Environment Environment::load(const std::filesystem::path& file) {
  return translated([&] { return Access::make(replay::read_environment(file)); });
}

Environment Environment::parse(std::string_view json, std::string_view name) {
  return translated([&] {
    return Access::make(replay::parse_environment(std::string(json), std::string(name), std::string(name)));
  });
}

Environment Environment::synthetic(std::string_view specification) {
  return translated(
      [&] { return Access::make(replay::make_synthetic(replay::parse_synthetic(specification))); });
}

// By way of the text of a file: so the checks are the reader's, and the digest is that of the file.
Environment Environment::make(std::string_view name, const std::vector<RecordedQuestion>& questions) {
  replay::Environment environment;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    expect_buildable(name, i, questions[i]);
    environment.questions.push_back(built(questions[i]));
  }
  return parse(replay::to_json(environment), name);
}

std::string Environment::name() const { return data_->recorded.name; }
std::string Environment::source() const { return data_->recorded.source; }
std::string Environment::digest() const { return data_->recorded.digest; }
std::size_t Environment::questions() const { return data_->recorded.questions.size(); }

std::size_t Environment::branches(std::size_t question) const {
  return question_at(data_->recorded, question).branches.size();
}

RecordedQuestion Environment::question(std::size_t index) const {
  const replay::Question& question = question_at(data_->recorded, index);
  RecordedQuestion copy{question.text, question.gold, question.interval, {}};
  for (const replay::Branch& branch : question.branches) copy.branches.push_back(recorded(question, branch));
  return copy;
}

std::string Environment::json() const { return replay::to_json(data_->recorded); }

std::vector<Environment> open_environments(const std::vector<std::string>& specifications) {
  return translated([&] {
    std::vector<Environment> opened;
    for (replay::Environment& each : replay::open_environments(specifications))
      opened.push_back(Access::make(std::move(each)));
    return opened;
  });
}

}  // namespace evotts
