#include "live/collect/recording.hpp"

#include <map>
#include <utility>

#include "replay/environment/question_builder.hpp"

namespace live {
namespace {

// Those of every branch, sorted; the others go to `incomplete`.
std::vector<std::string> common_signals(std::size_t questions, std::size_t branches, const Journal& journal,
                                        std::vector<std::string>& incomplete) {
  std::map<std::string, std::size_t> times;
  for (std::size_t q = 0; q < questions; ++q) {
    for (std::size_t b = 0; b < branches; ++b) {
      for (const std::string& name : journal.signals(q, b)) ++times[name];
    }
  }
  std::vector<std::string> common;
  for (const auto& [name, count] : times)
    (count == questions * branches ? common : incomplete).push_back(name);
  return common;
}

}  // namespace

Recording recording_of(const std::vector<CollectQuestion>& questions, const ReadingTask& task,
                       std::int64_t interval, std::size_t branches, const Journal& journal,
                       TextsWriter& texts) {
  Recording made;
  std::vector<std::string>& signals = made.environment.signals;
  signals = common_signals(questions.size(), branches, journal, made.incomplete_signals);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const std::string gold = task.gold_answer(questions[q].gold);
    replay::QuestionBuilder builder(questions[q].text, gold, interval, signals.size());
    for (std::size_t b = 0; b < branches; ++b) {
      CollectedBranch branch = journal.read(q, b);
      const std::string answer = task.final_answer(branch.text);
      for (const std::string& look : branch.looks) builder.add_probe(task.looked_answer(look));
      for (std::size_t s = 0; s < signals.size(); ++s) builder.add_signal(s, branch.signals.at(signals[s]));
      builder.end_branch(branch.tokens, answer);
      made.cut += branch.cut ? 1 : 0;
      made.right += answer == gold ? 1 : 0;
      made.unreadable += answer == "ERR" ? 1 : 0;
      made.tokens += branch.tokens;
      texts.add({.question = q,
                 .branch = b,
                 .text = std::move(branch.text),
                 .looks = std::move(branch.looks),
                 .reason = std::move(branch.reason)});
    }
    made.environment.questions.push_back(std::move(builder).finish());
  }
  return made;
}

}  // namespace live
