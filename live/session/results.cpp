#include "live/session/results.hpp"

#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

class Inspection {
 public:
  Inspection(const Want& want, const Result& result, std::size_t signals)
      : want_(want), result_(result), signals_(signals) {}

  void inspect() const {
    if (result_.finished && result_.lost) fail("is finished and lost at once");
    expect_tokens("tokens", result_.tokens);
    expect_tokens("look_tokens", result_.look_tokens);
    if (want_.kind == Want::Kind::kLook) return inspect_look();
    for (std::size_t i = 0; i < result_.steps.size(); ++i) {
      const Place place{"interval", i};
      expect_signals(place, result_.steps[i].signals);
      if (result_.steps[i].answer) expect_answer(place, *result_.steps[i].answer);
    }
    want_.kind == Want::Kind::kRead ? inspect_read() : inspect_advance();
    if (!result_.finished) return;
    expect_answer({"the end"}, result_.answer);
    expect_signals({"what follows the intervals"}, result_.signals);
  }

 private:
  struct Place {
    std::string_view what;
    std::optional<std::size_t> number = std::nullopt;
    std::string told() const { return number ? fmt::format("{} {}", what, *number) : std::string(what); }
  };

  [[noreturn]] void fail(std::string_view problem) const {
    throw replay::InputError(fmt::format("the result of branch {} {}", want_.branch, problem));
  }

  void inspect_look() const {
    if (result_.finished) fail("ends the branch, but a look was wanted");
    if (result_.lost) return;
    if (result_.steps.size() != 1)
      fail(fmt::format("must have the one step of a look, found {}", result_.steps.size()));
    if (!result_.steps[0].signals.empty()) fail("has signals, but a look was wanted");
    if (result_.steps[0].answer) expect_answer({"the look"}, *result_.steps[0].answer);
  }

  void inspect_advance() const {
    const auto steps = static_cast<std::int64_t>(result_.steps.size());
    const bool ends = result_.finished || result_.lost;
    if (ends && steps >= want_.intervals)
      fail(fmt::format("ends after {} intervals, but only {} were wanted, the end included", steps,
                       want_.intervals));
    if (!ends && steps != want_.intervals)
      fail(fmt::format("must have {} intervals, or be finished or lost; found {}", want_.intervals, steps));
  }

  void inspect_read() const {
    if (result_.steps.size() > most_steps())
      fail(fmt::format("has {} intervals; a branch has at most {}", result_.steps.size(), most_steps()));
    if (result_.finished || result_.lost) return;
    if (!want_.most_tokens) fail("must be finished or lost, as the whole branch was wanted");
    if (result_.tokens < *want_.most_tokens)
      fail(fmt::format("must be finished or lost, or have the {} tokens that the budget allows; found {}",
                       *want_.most_tokens, result_.tokens));
  }

  std::size_t most_steps() const {
    return (signals_ == 0 ? replay::kMaxProbes : replay::kMaxProbesWithSignals) - 1;
  }

  void expect_tokens(std::string_view what, std::int64_t tokens) const {
    if (tokens < 0 || tokens > replay::kMaxTokens)
      fail(fmt::format("has {} of {}, must be from 0 to {}", what, tokens, replay::kMaxTokens));
  }

  void expect_answer(const Place& place, std::string_view answer) const {
    if (answer.size() > kMostAnswerBytes)
      fail(fmt::format("has an answer of {} bytes at {}, must be at most {}", answer.size(), place.told(),
                       kMostAnswerBytes));
    if (const auto at = genome::base::first_not_utf8(answer))
      fail(fmt::format("has an answer at {} that is not UTF-8, from byte {} on", place.told(), *at));
  }

  void expect_signals(const Place& place, const std::vector<double>& numbers) const {
    if (numbers.size() != signals_)
      fail(fmt::format("must have {} signals at {}, found {}", signals_, place.told(), numbers.size()));
    for (const double number : numbers) {
      if (!(std::abs(number) <= kMostSignal))
        fail(fmt::format("has a signal of {} at {}, must be finite and at most {} in size", number,
                         place.told(), kMostSignal));
    }
  }

  const Want& want_;
  const Result& result_;
  std::size_t signals_;
};

}  // namespace

void expect_fitting(const Want& want, const Result& result, std::size_t signals) {
  Inspection(want, result, signals).inspect();
}

}  // namespace live
