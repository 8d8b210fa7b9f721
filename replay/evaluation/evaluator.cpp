#include "replay/evaluation/evaluator.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "genome/base/check.hpp"
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

// Translating a program takes as long as interpreting a hundred episodes. Where translations are kept, more
// episodes of a program are likely to follow, so it pays sooner.
constexpr std::size_t kEpisodesWorthTranslating = 300, kEpisodesWorthKeeping = 100;

// The jobs' programs as native code, by job; none where it is not worth the while. Programs with the same key
// share theirs.
class Translations {
 public:
  Translations(std::span<const EvaluationJob> jobs, std::size_t questions) {
    std::unordered_map<const genome::Program*, Shared*> of_program;
    std::vector<Shared*> by_job;
    for (const EvaluationJob& job : jobs) {
      const genome::Program* const program = job.bound->program;
      Shared*& shared = of_program[program];
      if (shared == nullptr) shared = &by_key_[translation_key(*program)];
      shared->program = program;
      shared->episodes += job.count * questions;
      by_job.push_back(shared);
    }
    find_or_translate();
    for (const Shared* shared : by_job)
      of_job_.push_back(shared->native ? shared->native->sections() : NativeSections{});
  }
  const NativeSections& of_job(std::size_t job) const { return of_job_[job]; }

 private:
  struct Shared {
    const genome::Program* program = nullptr;  // one of those with the key
    std::size_t episodes = 0;
    std::shared_ptr<const NativeProgram> native;
  };

  void find_or_translate() {
    KeptTranslations* const kept = KeptTranslations::here();
    std::vector<std::pair<const TranslationKey*, Shared*>> missing;
    for (auto& [key, shared] : by_key_) {
      if (kept != nullptr) shared.native = kept->find(key);
      if (shared.native) continue;
      if (kept == nullptr ? shared.episodes >= kEpisodesWorthTranslating
                          : kept->add_episodes(key, shared.episodes) >= kEpisodesWorthKeeping)
        missing.emplace_back(&key, &shared);
    }
    for_each_index(missing.size(), [&](std::size_t i, std::size_t) {
      take_breath();
      Shared& shared = *missing[i].second;
      shared.native = std::make_shared<const NativeProgram>(*shared.program);
    });
    if (kept == nullptr) return;
    for (const auto& [key, shared] : missing) kept->keep(*key, shared->native);
  }

  std::unordered_map<TranslationKey, Shared> by_key_;
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
  return cells_of(jobs, questions, sums(jobs, questions, done));
}

std::vector<QuestionSums> Evaluator::sums(std::span<const EvaluationJob> jobs, const QuestionSet& questions,
                                          const Progress& done) const {
  // A block is one question of one job: all its orderings on one thread. All jobs of a question follow each
  // other, since a question's branches fit in the nearest cache, and those of all questions in none.
  struct Block {
    std::uint32_t job, part, question;  // the latter two are places in the set
    std::size_t place;                  // of its sums
  };
  std::vector<Block> blocks;
  const std::size_t count = count_of(questions);
  blocks.reserve(jobs.size() * count);
  std::size_t before = 0;  // questions of the set
  for (std::size_t p = 0; p < questions.size(); ++p) {
    for (std::size_t q = 0; q < questions[p].questions.size(); ++q, ++before) {
      take_breath();
      for (std::size_t j = 0; j < jobs.size(); ++j) {
        blocks.push_back({static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(p),
                          static_cast<std::uint32_t>(q), j * count + before});
      }
    }
  }

  std::vector<SignalColumns> columns;  // by job, then part
  columns.reserve(jobs.size() * questions.size());
  for (const EvaluationJob& job : jobs) {
    take_breath();
    for (const EnvironmentPart& part : questions)
      columns.push_back(signal_columns(*job.bound->program, environments_[part.environment]));
  }
  const Translations native(jobs, count);
  std::vector<QuestionSums> all(blocks.size());
  std::vector<std::optional<Machine>> machines(loop_slots());
  std::atomic<std::size_t> finished{0};
  for_each_index(blocks.size(), [&](std::size_t i, std::size_t slot) {
    if (!machines[slot]) machines[slot].emplace();
    const Block& block = blocks[i];
    const EnvironmentPart& part = questions[block.part];
    const Question& question = environments_[part.environment].questions[part.questions[block.question]];
    const EvaluationJob& job = jobs[block.job];
    QuestionSums sums;
    const RunOptions options{.episode = options_.episode,
                             .native = native.of_job(block.job),
                             .columns = columns[block.job * questions.size() + block.part]};
    for (std::size_t s = job.first; s < job.first + job.count; ++s) {
      take_breath();
      const EpisodeResult result =
          machines[slot]->run(*job.bound, question, orderings_.at(s, question.branches.size()), options);
      sums.right += result.right ? 1 : 0;
      sums.tokens += result.tokens;
      sums.latency_tokens += result.latency_tokens;
    }
    all[block.place] = sums;
    run_->fetch_add(job.count, std::memory_order_relaxed);
    if (done) done(++finished, blocks.size());
  });
  return all;
}

std::vector<Cell> cells_of(std::span<const EvaluationJob> jobs, const QuestionSet& questions,
                           std::span<const QuestionSums> sums) {
  EVOTTS_CHECK(sums.size() == jobs.size() * count_of(questions));
  std::vector<Cell> cells;
  cells.reserve(jobs.size() * questions.size());
  for (const EvaluationJob& job : jobs) {
    for (const EnvironmentPart& part : questions) {
      const auto own = sums.first(part.questions.size());
      cells.push_back({job.count, {own.begin(), own.end()}});
      sums = sums.subspan(own.size());
    }
  }
  return cells;
}

}  // namespace replay
