#include "replay/evaluator.hpp"

#include <atomic>
#include <optional>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include "replay/machine.hpp"
#include "replay/native_program.hpp"

namespace replay {
namespace {

std::vector<std::size_t> branch_counts(const std::vector<Environment>& environments) {
  std::vector<std::size_t> counts;
  for (const Environment& environment : environments) {
    for (const Question& question : environment.questions) counts.push_back(question.branches.size());
  }
  return counts;
}

double mean(const Cell& cell, std::int64_t QuestionSums::*member) {
  std::int64_t sum = 0;
  for (const QuestionSums& question : cell.questions) sum += question.*member;
  const double episodes = static_cast<double>(cell.orderings) * static_cast<double>(cell.questions.size());
  return static_cast<double>(sum) / episodes;
}

// Translating a program takes as long as interpreting a hundred episodes.
constexpr std::int64_t kEpisodesWorthTranslating = 300;

std::vector<std::optional<NativeProgram>> translated(std::span<const genome::Program> programs,
                                                     std::int64_t episodes_of_each) {
  std::vector<std::optional<NativeProgram>> native(programs.size());
  if (episodes_of_each < kEpisodesWorthTranslating) return native;
  tbb::parallel_for(std::size_t{0}, programs.size(), [&](std::size_t p) { native[p].emplace(programs[p]); });
  return native;
}

}  // namespace

double Cell::accuracy() const { return 100 * mean(*this, &QuestionSums::right); }
double Cell::tokens() const { return mean(*this, &QuestionSums::tokens); }
double Cell::latency_tokens() const { return mean(*this, &QuestionSums::latency_tokens); }

Evaluator::Evaluator(std::vector<Environment> environments, const EvaluatorOptions& options)
    : environments_(std::move(environments)),
      options_(options),
      orderings_(options.first_ordering, options.orderings, branch_counts(environments_)) {}

std::int64_t Evaluator::episodes() const {
  std::size_t questions = 0;
  for (const Environment& environment : environments_) questions += environment.questions.size();
  return static_cast<std::int64_t>(questions * options_.orderings);
}

std::vector<Cell> Evaluator::evaluate(std::span<const genome::Program> programs,
                                      std::span<const double> betas, const Progress& done) const {
  // A block is one question for one program at one beta: all its orderings on one thread.
  struct Block {
    std::uint32_t cell, bound, environment, question;
  };
  std::vector<genome::BoundProgram> bound;
  std::vector<Cell> cells(programs.size() * environments_.size() * betas.size());
  std::vector<Block> blocks;
  for (std::size_t p = 0; p < programs.size(); ++p) {
    for (const double beta : betas) bound.push_back(genome::bind(programs[p], beta));
    for (std::size_t e = 0; e < environments_.size(); ++e) {
      const std::size_t questions = environments_[e].questions.size();
      for (std::size_t b = 0; b < betas.size(); ++b) {
        const std::size_t cell = cell_index(p, e, b, betas.size());
        cells[cell].orderings = options_.orderings;
        cells[cell].questions.resize(questions);
        for (std::size_t q = 0; q < questions; ++q) {
          blocks.push_back({static_cast<std::uint32_t>(cell),
                            static_cast<std::uint32_t>(p * betas.size() + b), static_cast<std::uint32_t>(e),
                            static_cast<std::uint32_t>(q)});
        }
      }
    }
  }

  const auto native = translated(programs, episodes() * static_cast<std::int64_t>(betas.size()));
  tbb::enumerable_thread_specific<Machine> machines;
  std::atomic<std::size_t> finished{0};
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, blocks.size(), 1),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      Machine& machine = machines.local();
                      for (std::size_t i = range.begin(); i != range.end(); ++i) {
                        const Block& block = blocks[i];
                        const Question& question = environments_[block.environment].questions[block.question];
                        QuestionSums& sums = cells[block.cell].questions[block.question];
                        const auto& code = native[block.bound / betas.size()];
                        for (std::size_t s = 0; s < options_.orderings; ++s) {
                          const EpisodeResult result = machine.run(
                              bound[block.bound], question, orderings_.at(s, question.branches.size()),
                              options_.episode, nullptr, code ? &*code : nullptr);
                          sums.right += result.right ? 1 : 0;
                          sums.tokens += result.tokens;
                          sums.latency_tokens += result.latency_tokens;
                        }
                        if (done) done(++finished, blocks.size());
                      }
                    });
  return cells;
}

}  // namespace replay
