#include "cluster/worker.hpp"

#include <chrono>
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

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;

// Compiled programs by their text: a controller comes again, in the next rung and in the next generation.
class Programs {
 public:
  const genome::Program& of(const std::string& text) {
    std::unique_ptr<genome::Program>& known = known_[text];
    if (known) return *known;
    const auto checked = genome::check_text(text);
    if (!checked.controller) throw TransportError("rank 0 sent a controller that does not check");
    known = std::make_unique<genome::Program>(genome::compile(*checked.controller));
    return *known;
  }
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
    const auto begun = Clock::now();
    std::vector<genome::BoundProgram> bound;
    std::vector<UnitJob> slices;
    programs_.forget_some();
    for (const UnitController& controller : unit.controllers) {
      const genome::Program& program = programs_.of(controller.text);
      for (const UnitJob& job : controller.jobs) {
        if (!(job.beta >= 0 && job.beta <= 1) || std::size_t{job.first} + job.count > orderings_)
          throw TransportError("rank 0 sent a job beyond its setting");
        bound.push_back(genome::bind(program, job.beta));
        slices.push_back(job);
      }
    }
    std::vector<replay::EvaluationJob> jobs;
    for (std::size_t i = 0; i < bound.size(); ++i)
      jobs.push_back({&bound[i], slices[i].first, slices[i].count});
    Sums sums{.number = unit.number};
    sums.sums = run_jobs_(jobs, part_of(set->second, unit.first, unit.count), {});
    sums.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    transport_.send(0, Tag::kSums, to_bytes(sums));
  }

  Transport& transport_;
  const WorkerParts& parts_;
  RunJobs run_jobs_;
  std::size_t orderings_ = 0;
  std::map<std::uint32_t, replay::QuestionSet> sets_;
  Programs programs_;
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
