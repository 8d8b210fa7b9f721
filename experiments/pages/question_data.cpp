#include "experiments/pages/question_data.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "experiments/reports/action_text.hpp"
#include "experiments/reports/trace_text.hpp"
#include "experiments/tables/lanes.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/ordering.hpp"

namespace experiments {
namespace {

constexpr std::size_t kMostText = 4000, kMostAnswer = 60, kMostTitle = 60;

PageJson answer_or_null(replay::AnswerId answer) {
  return answer == replay::kNoAnswer ? PageJson() : PageJson(answer);
}

PageJson lanes_json(const TracedEpisode& episode) {
  PageJson all = PageJson::array();
  for (const Lane& lane : lanes_of(episode)) {
    PageJson answers = PageJson::array();
    for (const Lane::Span& span : lane.spans) {
      answers.push_back(span.to);
      answers.push_back(answer_or_null(span.answer));
    }
    all.push_back({{"recorded", lane.recorded},
                   {"opened", lane.opened},
                   {"end", static_cast<int>(lane.end)},
                   {"tokens", lane.tokens},
                   {"answers", std::move(answers)}});
  }
  return all;
}

// The betas of which episodes are kept, the one in the middle first.
std::vector<std::size_t> kept_betas(std::size_t betas) {
  std::vector<std::size_t> kept = {betas / 2};
  for (const std::size_t beta : {std::size_t{0}, betas - 1}) {
    if (std::ranges::find(kept, beta) == kept.end()) kept.push_back(beta);
  }
  return kept;
}

class Questions {
 public:
  Questions(const Evaluation& scores, std::size_t controllers) : scores_(scores), controllers_(controllers) {}

  PageJson question(std::size_t environment, std::size_t number) const {
    const replay::Question& question = environment_at(environment).questions[number];
    PageJson answers = PageJson::array();
    for (const std::string& answer : question.answers)
      answers.push_back(genome::base::visible(answer, kMostAnswer));
    return {{"title", genome::base::visible(question.text, kMostTitle)},
            {"text", genome::base::visible(question.text, kMostText)},
            {"gold", genome::base::visible(question.gold, kMostAnswer)},
            {"gold_answer", answer_or_null(question.gold_id)},
            {"answers", std::move(answers)},
            {"rows", table_json(figures(environment, number))["rows"]},
            {"traces", PageJson::array()}};
  }

  PageJson trace(std::size_t environment, std::size_t number, std::size_t controller,
                 std::size_t beta) const {
    const replay::Environment& in = environment_at(environment);
    const replay::Question& question = in.questions[number];
    const replay::EpisodeOptions& options = scores_.evaluator.options().episode;
    const std::uint64_t seed = scores_.evaluator.options().first_ordering;
    const std::vector<std::uint32_t> dealt = replay::ordering(seed, question.branches.size());
    const replay::Trace trace =
        replay::trace_episode(scores_.controllers[controller].controller, scores_.betas[beta], question,
                              dealt, options, in.signals);
    return {{"controller", controller},
            {"beta", beta},
            {"ordering", seed},
            {"ending", fmt::format("{} tokens; {}", trace.result.tokens, ending_text(trace, options))},
            {"answer", "answered " + answer_text(trace, question)},
            {"lanes", lanes_json({question, dealt, trace, options, in.signals})}};
  }

 private:
  const replay::Environment& environment_at(std::size_t e) const {
    return scores_.evaluator.environments()[e];
  }

  Table figures(std::size_t environment, std::size_t number) const {
    constexpr int kTokenDigits = 3;
    Table table({"controller", "beta", "accuracy", "tokens"});
    for (std::size_t c = 0; c < controllers_; ++c) {
      for (std::size_t b = 0; b < scores_.betas.size(); ++b) {
        const replay::Cell& cell = scores_.cell(c, environment, b);
        const replay::QuestionSums& sums = cell.questions[number];
        const auto mean = [&](std::int64_t sum) {
          return static_cast<double>(sum) / static_cast<double>(cell.orderings);
        };
        table.add_row({scores_.controllers[c].label, Shortest{scores_.betas[b]},
                       Decimal{100 * mean(sums.right)}, Decimal{mean(sums.tokens), kTokenDigits}});
      }
    }
    return table;
  }

  const Evaluation& scores_;
  std::size_t controllers_;
};

}  // namespace

PageJson question_data(const Evaluation& scores, const QuestionRequest& request) {
  const std::size_t controllers = std::min(request.own + 1, scores.controllers.size());
  const Questions questions(scores, controllers);
  PageJson data = {
      {"environments", PageJson::array()}, {"controllers", PageJson::array()}, {"betas", PageJson::array()}};
  for (std::size_t c = 0; c < controllers; ++c) data["controllers"].push_back(scores.controllers[c].label);
  for (const double beta : scores.betas) data["betas"].push_back(fmt::format("{}", beta));
  const std::vector<replay::Environment>& environments = scores.evaluator.environments();
  for (std::size_t e = 0; e < environments.size(); ++e) {
    PageJson all = PageJson::array();
    for (std::size_t q = 0; q < environments[e].questions.size(); ++q)
      all.push_back(questions.question(e, q));
    data["environments"].push_back(
        {{"name", genome::base::visible(environments[e].name)}, {"questions", std::move(all)}});
  }
  const std::vector<std::size_t> betas = kept_betas(scores.betas.size());
  std::size_t bytes = 0, left_out = 0;
  for (const std::size_t beta : betas) {
    for (std::size_t e = 0; e < environments.size(); ++e) {
      for (std::size_t q = 0; q < environments[e].questions.size(); ++q) {
        for (std::size_t c = 0; c < controllers; ++c) {
          if (bytes > kMostTraceBytes) {
            ++left_out;
            continue;
          }
          PageJson trace = questions.trace(e, q, c, beta);
          bytes += trace.dump().size();
          data["environments"][e]["questions"][q]["traces"].push_back(std::move(trace));
        }
      }
    }
  }
  std::string shown;
  for (const std::size_t beta : betas)
    shown += fmt::format("{}{}", shown.empty() ? "" : ", ", scores.betas[beta]);
  data["note"] = fmt::format("Episodes are drawn at beta {}, of the first ordering{}.", shown,
                             left_out == 0 ? ""
                                           : fmt::format("; {} are left out, which would make the page too "
                                                         "large",
                                                         left_out));
  data["first_beta"] = fmt::format("{}", scores.betas[betas.front()]);
  return data;
}

}  // namespace experiments
