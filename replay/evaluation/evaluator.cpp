#include "replay/evaluation/evaluator.hpp"

#include <atomic>
#include <map>
#include <optional>
#include <utility>

#include "replay/machine/machine.hpp"
#include "replay/machine/signal_columns.hpp"
#include "replay/native/kept_translations.hpp"
#include "replay/native/program.hpp"
#include "replay/parallel/for_each_index.hpp"
#include "replay/parallel/interruption.hpp"

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
constexpr std::size_t kEpisodesWorthTranslating = 300;

// The jobs' programs as native code, by job; none where it is not worth the while.
class Translations {
 public:
  Translations(std::span<const EvaluationJob> jobs, std::size_t questions) {
    std::map<const genome::Program*, std::size_t> episodes;
    for (const EvaluationJob& job : jobs) episodes[job.bound->program] += job.count * questions;
    KeptTranslations* const kept = KeptTranslations::here();
    std::map<const genome::Program*, NativeSections> found;
    std::vector<const genome::Program*> programs;
    for (const auto& [program, count] : episodes) {
      if (const NativeProgram* const known = kept == nullptr ? nullptr : kept->find(*program))
        found[program] = known->sections();
      else if (count >= kEpisodesWorthTranslating)
        programs.push_back(program);
    }
    native_.resize(programs.size());
    for_each_index(programs.size(), [&](std::size_t i, std::size_t) {
      take_breath();
      native_[i].emplace(*programs[i]);
    });
    for (std::size_t i = 0; i < programs.size(); ++i) {
      found[programs[i]] = native_[i]->sections();
      if (kept != nullptr) kept->keep(*programs[i], std::move(*native_[i]));
    }
    for (const EvaluationJob& job : jobs) of_job_.push_back(found[job.bound->program]);
  }
  const NativeSections& of_job(std::size_t job) const { return of_job_[job]; }

 private:
  std::vector<std::optional<NativeProgram>> native_;
  std::vector<NativeSections> of_job_;
};

}  // namespace

double Cell::accuracy() const { return 100 * mean(*this, &QuestionSums::right); }
double Cell::tokens() const { return mean(*this, &QuestionSums::tokens); }
double Cell::latency_tokens() const { return mean(*this, &QuestionSums::latency_tokens); }

QuestionSums Cell::sums() const {
  QuestionSums all;
  for (const QuestionSums& question : questions) all += question;
  return all;
}

Evaluator::Evaluator(std::vector<Environment> environments, const EvaluatorOptions& options)
    : environments_(std::move(environments)),
      options_(options),
      orderings_(options.first_ordering, options.orderings, branch_counts(environments_)) {}

std::int64_t Evaluator::episodes() const {
  return static_cast<std::int64_t>(count_of(all_questions(environments_)) * options_.orderings);
}

std::vector<Cell> Evaluator::evaluate(std::span<const genome::Program> programs,
                                      std::span<const double> betas, const Progress& done) const {
  std::vector<genome::BoundProgram> bound;
  for (const genome::Program& program : programs) {
    take_breath();
    for (const double beta : betas) bound.push_back(genome::bind(program, beta));
  }
  std::vector<EvaluationJob> jobs;
  for (const genome::BoundProgram& each : bound) jobs.push_back({&each, 0, options_.orderings});
  std::vector<Cell> by_job = run(jobs, done);
  std::vector<Cell> cells(by_job.size());
  for (std::size_t p = 0; p < programs.size(); ++p) {
    for (std::size_t b = 0; b < betas.size(); ++b) {
      for (std::size_t e = 0; e < environments_.size(); ++e) {
        const std::size_t job = p * betas.size() + b;
        cells[cell_index(p, e, b, betas.size())] = std::move(by_job[job * environments_.size() + e]);
      }
    }
  }
  return cells;
}

std::vector<Cell> Evaluator::run(std::span<const EvaluationJob> jobs, const Progress& done) const {
  return run(jobs, all_questions(environments_), done);
}

std::vector<Cell> Evaluator::run(std::span<const EvaluationJob> jobs, const QuestionSet& questions,
                                 const Progress& done) const {
  // A block is one question of one job: all its orderings on one thread.
  struct Block {
    std::uint32_t job, part, question;  // the latter two are places in the set
  };
  std::vector<Cell> cells(jobs.size() * questions.size());
  std::vector<Block> blocks;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    take_breath();
    for (std::size_t p = 0; p < questions.size(); ++p) {
      Cell& cell = cells[j * questions.size() + p];
      cell.orderings = jobs[j].count;
      cell.questions.resize(questions[p].questions.size());
      for (std::size_t q = 0; q < cell.questions.size(); ++q) {
        blocks.push_back(
            {static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(q)});
      }
    }
  }

  std::vector<SignalColumns> columns;  // by job, then part
  for (const EvaluationJob& job : jobs) {
    take_breath();
    for (const EnvironmentPart& part : questions)
      columns.push_back(signal_columns(*job.bound->program, environments_[part.environment]));
  }
  const Translations native(jobs, count_of(questions));
  std::vector<std::optional<Machine>> machines(loop_slots());
  std::atomic<std::size_t> finished{0};
  for_each_index(blocks.size(), [&](std::size_t i, std::size_t slot) {
    if (!machines[slot]) machines[slot].emplace();
    const Block& block = blocks[i];
    const EnvironmentPart& part = questions[block.part];
    const Question& question = environments_[part.environment].questions[part.questions[block.question]];
    const EvaluationJob& job = jobs[block.job];
    const std::size_t cell = block.job * questions.size() + block.part;
    QuestionSums& sums = cells[cell].questions[block.question];
    for (std::size_t s = job.first; s < job.first + job.count; ++s) {
      take_breath();
      const EpisodeResult result = machines[slot]->run(
          *job.bound, question, orderings_.at(s, question.branches.size()),
          {.episode = options_.episode, .native = native.of_job(block.job), .columns = columns[cell]});
      sums.right += result.right ? 1 : 0;
      sums.tokens += result.tokens;
      sums.latency_tokens += result.latency_tokens;
    }
    run_->fetch_add(job.count, std::memory_order_relaxed);
    if (done) done(++finished, blocks.size());
  });
  return cells;
}

}  // namespace replay
