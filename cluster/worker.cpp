#include "cluster/worker.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "cluster/environments.hpp"
#include "cluster/patience.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/native/kept_translations.hpp"
#include "replay/parallel/for_each_index.hpp"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;

// Compiled programs by their text: a controller comes again, in the next rung and in the next generation.
class Programs {
 public:
  // Compiles those that are not known yet, on all threads.
  void add(const std::vector<UnitController>& controllers) {
    std::vector<decltype(known_)::value_type*> missing;
    for (const UnitController& controller : controllers) {
      const auto [at, fresh] = known_.try_emplace(controller.text);
      if (fresh) missing.push_back(&*at);
    }
    replay::for_each_index(missing.size(), [&](std::size_t i, std::size_t) {
      auto& [text, program] = *missing[i];
      const auto checked = genome::check_text(text);
      if (!checked.controller) throw TransportError("rank 0 sent a controller that does not check");
      program = std::make_unique<genome::Program>(genome::compile(*checked.controller));
    });
  }
  const genome::Program& of(const std::string& text) const { return *known_.at(text); }
  // REQUIRES: no program of it is in use.
  void forget_some() {
    constexpr std::size_t kMost = 4096;
    if (known_.size() > kMost) known_.clear();
  }

 private:
  std::unordered_map<std::string, std::unique_ptr<genome::Program>> known_;
  replay::KeptTranslations native_;
};

class Worker {
 public:
  Worker(Transport& transport, const WorkerParts& parts) : transport_(transport), parts_(parts) {}

  // Whether the work goes on.
  bool handle(const Message& message) {
    switch (message.tag) {
      case Tag::kEnd: return false;
      case Tag::kPing: transport_.send(0, Tag::kPong, {}); break;
      case Tag::kSetting: prepare(from_bytes<Setting>(message.bytes)); break;
      case Tag::kQuestions: {
        auto questions = from_bytes<Questions>(message.bytes);
        sets_[questions.id] = std::move(questions.set);
        break;
      }
      case Tag::kUnit: run(from_bytes<Unit>(message.bytes)); break;
      default: throw TransportError("rank 0 sent what only other ranks send");
    }
    return true;
  }

 private:
  void prepare(const Setting& setting) {
    run_jobs_ = {};  // frees what is there before more is read
    sets_.clear();
    forget_jobs();
    orderings_ = setting.options.orderings;
    try {
      run_jobs_ = parts_.prepare(setting, transport_);
      transport_.send(0, Tag::kReady, {});
    } catch (const TransportError&) {
      throw;
    } catch (const genome::base::Error& error) {
      transport_.send(0, Tag::kFailed, error.what());
    }
  }

  void run(const Unit& unit) {
    const auto set = sets_.find(unit.questions);
    if (!run_jobs_ || set == sets_.end() ||
        std::size_t{unit.first} + unit.count > replay::count_of(set->second))
      throw TransportError("rank 0 sent work on questions that are not known here");
    if (!unit.controllers.empty()) take(unit);
    if (jobs_.empty() || unit.brought_by != brought_by_)
      throw TransportError("rank 0 sent work of controllers that are not known here");
    const auto begun = Clock::now();
    Sums sums{.number = unit.number};
    sums.sums = run_jobs_(jobs_, part_of(set->second, unit.first, unit.count), {});
    sums.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    transport_.send(0, Tag::kSums, to_bytes(sums));
  }

  // The jobs of this unit, and of those after it that bring none.
  void take(const Unit& unit) {
    forget_jobs();
    programs_.forget_some();
    programs_.add(unit.controllers);
    brought_by_ = unit.number;
    for (const UnitController& controller : unit.controllers) {
      const genome::Program& program = programs_.of(controller.text);
      for (const UnitJob& job : controller.jobs) {
        if (!(job.beta >= 0 && job.beta <= 1) || std::size_t{job.first} + job.count > orderings_)
          throw TransportError("rank 0 sent a job beyond its setting");
        bound_.push_back(genome::bind(program, job.beta));
        jobs_.push_back({&bound_.back(), job.first, job.count});
      }
    }
  }

  void forget_jobs() {
    jobs_.clear();
    bound_.clear();
  }

  Transport& transport_;
  const WorkerParts& parts_;
  RunJobs run_jobs_;
  std::size_t orderings_ = 0;
  std::map<std::uint32_t, replay::QuestionSet> sets_;
  Programs programs_;
  std::deque<genome::BoundProgram> bound_;  // stay where they are, as jobs point at them
  std::vector<replay::EvaluationJob> jobs_;
  std::uint64_t brought_by_ = 0;  // number of the unit that these are of
};

}  // namespace

RunJobs evaluator_of(const Setting& setting, Transport& transport) {
  const auto evaluator =
      std::make_shared<const replay::Evaluator>(opened(setting, transport), setting.options);
  return
      [evaluator](std::span<const replay::EvaluationJob> jobs, const replay::QuestionSet& questions,
                  const replay::Evaluator::Progress& done) { return evaluator->sums(jobs, questions, done); };
}

void serve(Transport& transport, const Hello& hello, const WorkerParts& parts) {
  constexpr auto kGrace = std::chrono::milliseconds(1500);
  transport.send(0, Tag::kHello, to_bytes(hello));
  Worker worker(transport, parts);
  Patience patience;
  Clock::time_point ended{};
  try {
    for (;;) {
      const auto message = transport.receive();
      if (message) {
        patience.forget();
        if (!worker.handle(*message)) break;
      } else {
        patience.wait();
      }
      if (!parts.ended || !parts.ended()) continue;
      if (ended == Clock::time_point{}) ended = Clock::now();
      if (Clock::now() - ended > kGrace) throw Ended();
    }
  } catch (const WorkIsOver&) {
  }
  transport.send(0, Tag::kEnd, {});
  transport.end();
}

}  // namespace cluster
