// What a run found: its best controller, its population, its frontier, and who came from whom.
#include <evotts/run.hpp>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <unistd.h>
#include <utility>

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/binding/unlocked.hpp"
#include "api/python/bindings.hpp"
#include "api/python/controllers.hpp"

namespace evotts::python {
namespace {

// A Run is for one thread at a time, and reading it leaves the interpreter to others. In a process that was
// forked it is opened anew: a thread of the parent's may have been reading it then, whose lock nobody opens.
class HeldRun {
 public:
  HeldRun(std::filesystem::path folder, std::optional<int> generation)
      : folder_(folder.empty() ? folder : std::filesystem::absolute(folder)),
        open_(std::make_unique<Open>(folder_, generation)) {}

  template <typename Read>
  auto read(Read&& what) {
    open_anew_after_fork();
    const Unlocked unlocked;
    const std::lock_guard lock(open_->reading);
    return what(std::as_const(open_->run));
  }

 private:
  struct Open {
    Open(const std::filesystem::path& folder, std::optional<int> generation)
        : run(Run::open(folder, generation)), number(run.generation()) {}
    Run run;
    int number;                    // of the generation
    std::recursive_mutex reading;  // as the handler of a signal may read within
    pid_t process = getpid();
  };

  void open_anew_after_fork() {
    if (open_->process == getpid()) return;
    auto anew = std::make_unique<Open>(folder_, open_->number);
    static_cast<void>(open_.release());  // it may not be touched, not even to free it
    open_ = std::move(anew);
  }

  std::filesystem::path folder_;
  std::unique_ptr<Open> open_;
};

}  // namespace

template <>
inline constexpr bool kIsHeld<HeldRun> = true;

namespace {

HeldRun opened(const Path& path, const std::optional<Whole>& generation) {
  std::optional<int> wanted;
  if (generation) wanted = static_cast<int>(generation->in(0, INT32_MAX));
  const Unlocked unlocked;
  return HeldRun(path.value, wanted);
}

py::dict row_of(const Individual& individual) {
  py::list curve;
  for (const CurvePoint& point : individual.curve) {
    py::dict each;
    each["beta"] = point.beta;
    each["accuracy"] = point.accuracy;
    each["tokens"] = point.tokens;
    each["latency_tokens"] = point.latency_tokens;
    curve.append(each);
  }
  py::dict row;
  row["id"] = shown(individual.controller.id());
  row["name"] = shown(individual.controller.name());
  row["size"] = individual.controller.size();
  row["score"] = individual.score;
  row["fitness"] = individual.fitness;
  row["born"] = individual.born;
  row["operation"] = shown(individual.operation);
  row["parents"] = shown_all(individual.parents);
  row["text"] = shown(individual.controller.text());
  row["curve"] = curve;
  return row;
}

py::dict row_of(const FrontierPoint& point) {
  py::dict row;
  row["id"] = shown(point.id);
  row["beta"] = point.beta;
  row["accuracy"] = point.accuracy;
  row["tokens"] = point.tokens;
  return row;
}

py::dict row_of(const Ancestor& ancestor) {
  py::dict row;
  row["id"] = shown(ancestor.id);
  row["generation"] = ancestor.generation;
  row["operation"] = shown(ancestor.operation);
  row["score"] = ancestor.score;
  row["fitness"] = ancestor.fitness;
  row["parents"] = shown_all(ancestor.parents);
  row["text"] = shown_if_any(ancestor.text);
  return row;
}

template <typename Items>
py::list rows_of(const Items& items) {
  py::list rows;
  for (const auto& each : items) rows.append(row_of(each));
  return rows;
}

}  // namespace

void bind_runs(py::module_& module) {
  Class<HeldRun>(module, "Run",
                 "A run of `evotts run`, read at one of its generations. It disturbs no writer, and does\n"
                 "not change while one goes on. Made by open().")
      .function(
          "open", "(path, generation=None)", named<opened>,
          "The run in this folder at one of its generations, counted from 0; None: at the newest.\n\n"
          "Raises InputError when this is no run, or has no such generation, and SystemFault when it cannot\n"
          "be read.")
      .property(
          "generation",
          [](HeldRun& held) { return held.read([](const Run& run) { return run.generation(); }); },
          "That it was opened at.")
      .property(
          "experiment",
          [](HeldRun& held) { return shown(held.read([](const Run& run) { return run.experiment(); })); },
          "The experiment that the run is of, every key with its value: TOML.")
      .method(
          "best", "()",
          [](HeldRun& held) { return row_of(held.read([](const Run& run) { return run.best(); })); },
          "The best by the run's objective: a dict as of population().")
      .method(
          "population", "()",
          [](HeldRun& held) { return rows_of(held.read([](const Run& run) { return run.population(); })); },
          "Who lives, by falling fitness: a list of dicts with \"id\", \"name\", \"size\" (nodes), \"score\" "
          "(by the\n"
          "run's objective, in points of accuracy), \"fitness\" (that less what the objective charges), "
          "\"born\" (the\n"
          "generation), \"operation\" (what made it), \"parents\" (ids), \"text\", and \"curve\": a list of "
          "dicts with\n"
          "\"beta\", \"accuracy\" (percent), \"tokens\" and \"latency_tokens\" (of an episode), by rising "
          "beta.")
      .method(
          "frontier", "()",
          [](HeldRun& held) { return rows_of(held.read([](const Run& run) { return run.frontier(); })); },
          "Points that nothing else in the run has bettered, by rising tokens: a list of dicts with \"id\", "
          "\"beta\",\n"
          "\"accuracy\" (percent) and \"tokens\" (of an episode).")
      .method(
          "lineage", "(id='best')",
          [](HeldRun& held, const Word& id) {
            return rows_of(held.read([&](const Run& run) { return run.lineage(id.value); }));
          },
          "From \"best\", or the one whose id begins so (four digits at least), back to a founder, along "
          "first\n"
          "parents: a list of dicts with \"id\", \"generation\" (of the birth), \"operation\", \"score\", "
          "\"fitness\",\n"
          "\"parents\" and \"text\" (None when it did not survive its birth). Raises InputError when there "
          "is none.")
      .method(
          "controller", "(id='best')",
          [](HeldRun& held, const Word& id) {
            return HeldController(held.read([&](const Run& run) { return run.controller(id.value); }));
          },
          "\"best\", or the one of the population or the frontier whose id begins so (four digits at least). "
          "What\n"
          "the run holds out stays closed to it: evaluate() refuses it there.")
      .method(
          "__repr__", "()",
          [](HeldRun& held) {
            return shown("<evotts.Run at generation " +
                         std::to_string(held.read([](const Run& run) { return run.generation(); })) + ">");
          },
          "For people.");
}

}  // namespace evotts::python
