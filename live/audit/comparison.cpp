#include "live/audit/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "genome/base/rng.hpp"
#include "replay/parallel/for_each_index.hpp"

namespace live {
namespace {

using genome::base::Rng;

constexpr std::uint64_t kDrawn = 3;  // among streams of this purpose
// Sums that are as far off, after which no more are drawn (Besag and Clifford, 1991).
constexpr std::size_t kEnough = 20;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double square_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum / static_cast<double>(values.size());
}

// Replay's mean over questions, each with as many episodes as it has at the server. One for all questions: a
// mean of each question's few branches would be off by more than its draws tell, as a ratio is.
double replayed_mean(const std::vector<AuditedQuestion>& questions, std::size_t check) {
  double sum = 0, count = 0;
  for (const AuditedQuestion& each : questions) {
    if (each.replays.count == 0) continue;
    const double times = static_cast<double>(each.live.size()) / static_cast<double>(each.replays.count);
    sum += times * each.replays.sum[check].sum;
    count += times * each.replays.sum[check].count;
  }
  return count > 0 ? sum / count : 0;
}

// What a question says to one check: differences from replay's mean, of whole episodes.
class Stratum {
 public:
  Stratum(const AuditedQuestion& question, std::size_t check, double mean) {
    const double blocks =
        std::max(1.0, static_cast<double>(question.recorded) / std::max(1.0, question.replays.opened));
    blocks_ = static_cast<std::size_t>(std::lround(blocks));
    const auto centred = [mean](const Part& part) { return part.sum - mean * part.count; };
    for (const Tally& each : question.replays.episodes) replayed_.push_back(centred(each[check]));
    for (const Tally& each : question.live) {
      live_.push_back(centred(each[check]));
      count_ += each[check].count;
      sum_ += each[check].sum;
    }
    const auto episodes = static_cast<double>(live_.size());
    const double middle = mean_of(replayed_);
    const Part& all = question.replays.sum[check];
    excess_ = std::accumulate(live_.begin(), live_.end(), 0.0) -
              episodes * centred(all) / static_cast<double>(question.replays.count);
    variance_ = episodes * (1 + episodes / blocks) * (square_mean(replayed_) - middle * middle);
  }

  double count() const { return count_; }
  double sum() const { return sum_; }
  double excess() const { return excess_; }
  double variance() const { return variance_; }

  // The excess of as many episodes over as many blocks, all of one kind. Neither number may be made smaller:
  // a rare event that was seen once must be as far off when it is drawn once.
  double draw(Rng& rng) const {
    const auto episodes = static_cast<double>(live_.size());
    return drawn(rng, live_.size()) - drawn(rng, blocks_) * episodes / static_cast<double>(blocks_);
  }

 private:
  // Of both kinds together, each as much as there is of it.
  double one(Rng& rng) const {
    const double share = static_cast<double>(blocks_) / static_cast<double>(blocks_ + live_.size());
    const std::vector<double>& from = genome::base::uniform_real(rng) < share ? replayed_ : live_;
    return from[static_cast<std::size_t>(genome::base::uniform_real(rng) * static_cast<double>(from.size()))];
  }
  double drawn(Rng& rng, std::size_t count) const {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += one(rng);
    return sum;
  }

  std::vector<double> replayed_, live_;
  std::size_t blocks_ = 1;
  double count_ = 0, sum_ = 0, excess_ = 0, variance_ = 0;
};

double share_as_far_off(const std::vector<Stratum>& strata, double excess, std::size_t check,
                        const ComparisonOptions& options) {
  Rng rng = genome::base::keyed_stream(options.seed, genome::base::Purpose::kBootstrap, check, 0, kDrawn);
  const double bound = std::abs(excess) * (1 - 1e-9);
  std::size_t as_far = 0;
  for (std::size_t i = 1; i <= options.draws; ++i) {
    double sum = 0;
    for (const Stratum& each : strata) sum += each.draw(rng);
    as_far += std::abs(sum) >= bound ? 1 : 0;
    if (as_far == kEnough) return static_cast<double>(as_far) / static_cast<double>(i);
  }
  return static_cast<double>(1 + as_far) / static_cast<double>(1 + options.draws);
}

// A mean over questions whose mean is the difference of the check.
replay::Interval interval_of(const std::vector<double>& excesses, double count,
                             const replay::DistinctQuestions& distinct, std::uint64_t seed) {
  std::vector<double> values;
  for (const double excess : excesses)
    values.push_back(excess * static_cast<double>(excesses.size()) / count);
  return replay::mean_interval({values}, distinct, {.seed = seed});
}

std::optional<CheckResult> result_of(std::size_t check, const std::vector<AuditedQuestion>& questions,
                                     const replay::DistinctQuestions& distinct,
                                     const ComparisonOptions& options) {
  std::vector<Stratum> strata;
  std::vector<double> excesses;
  const double mean = replayed_mean(questions, check);
  for (const AuditedQuestion& each : questions) {
    const bool told = !each.live.empty() && each.replays.sum[check].count > 0;
    if (told) strata.emplace_back(each, check, mean);
    excesses.push_back(told ? strata.back().excess() : 0);
  }
  CheckResult result{.check = static_cast<Check>(check)};
  double sum = 0, variance = 0;
  for (const Stratum& each : strata) {
    result.count += each.count();
    sum += each.sum();
    variance += each.variance();
  }
  if (result.count == 0) return std::nullopt;
  result.live = sum / result.count;
  result.replay = mean;
  result.difference = result.live - result.replay;
  result.interval = interval_of(excesses, result.count, distinct, options.seed);
  const double excess = std::accumulate(excesses.begin(), excesses.end(), 0.0);
  const bool exact = std::abs(excess) <= 1e-9 * (std::abs(sum) + 1);
  // Where replay always shows the same, any difference is far off.
  result.score = exact ? 0 : excess / std::sqrt(std::max(variance, 1e-12));
  result.p = exact ? 1 : share_as_far_off(strata, excess, check, options);
  return result;
}

void adjust(std::vector<CheckResult>& results) {
  std::vector<CheckResult*> rising;
  for (CheckResult& each : results) rising.push_back(&each);
  std::ranges::stable_sort(rising, {}, [](const CheckResult* each) { return each->p; });
  double largest = 0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(rising.size() - i) * rising[i]->p));
    rising[i]->adjusted = largest;
  }
}

}  // namespace

std::vector<CheckResult> compare(const std::vector<AuditedQuestion>& questions,
                                 const replay::DistinctQuestions& distinct,
                                 const ComparisonOptions& options) {
  std::vector<std::optional<CheckResult>> all(kChecks);
  replay::for_each_index(kChecks, [&](std::size_t check, std::size_t) {
    all[check] = result_of(check, questions, distinct, options);
  });
  std::vector<CheckResult> results;
  for (const auto& each : all)
    if (each) results.push_back(*each);
  adjust(results);
  return results;
}

bool flagged(const std::vector<CheckResult>& results) {
  return std::ranges::any_of(results, [](const CheckResult& each) { return each.flagged(); });
}

}  // namespace live
