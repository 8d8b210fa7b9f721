// Whole runs with a model in them: killed anywhere and resumed, they reach the trees of one that was not.
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "evo/proposal/genetic_proposer.hpp"
#include "evo/record/run_files.hpp"
#include "evo/run/run.hpp"
#include "genome/base/file.hpp"
#include "llm_mutators/proposers/llm_proposer.hpp"
#include "llm_mutators/proposers/mixed_proposer.hpp"
#include "tests/llm_mutators/proposers/recording_observer.hpp"
#include "tests/support/scripted_models.hpp"
#include "tests/support/small_world.hpp"

namespace llm_mutators {
namespace {

constexpr int kGenerations = 3;

class ResumeTest : public ScriptedModels {
 protected:
  // No two replies of this model are the same, and every third is broken: a question asked twice would
  // change all that follows.
  std::string whimsical_model(const std::string& name) const {
    file("better.ctl", better_cmc());
    return script(name + ".sh",
                  fmt::format("cat > /dev/null; echo asked >> $HERE/{0}.asked; n=$(wc -l < $HERE/{0}.asked)\n"
                              "[ $((n % 3)) = 0 ] && {{ echo no; exit 0; }}\n"
                              "echo '```'; sed \"s/^rounds .*/rounds $n/\" $HERE/better.ctl; echo '```'",
                              name));
  }

  // Makes or goes on with the run of this name. `stop` is asked before each question.
  std::string evolve(const std::string& name, const std::function<bool()>& stop) const {
    const std::filesystem::path where = folder_ / name;
    const evo::Experiment e = evo::small_experiment();
    const auto evaluator = evo::small_evaluator(e);
    std::vector<std::string> told;
    const evo::Run* current = nullptr;
    const auto committed = [&current](const std::string& digest) -> std::optional<std::string> {
      return current == nullptr ? std::nullopt : current->repository().read(evo::journal_path(digest));
    };
    auto client =
        std::make_unique<CommandClient>(CommandOptions{.argv = {whimsical_model(name)}, .name = "whimsical"});
    auto model = std::make_unique<LlmProposer>(
        std::move(client), Journal({.spool = folder_ / (name + ".spool"), .committed = committed}),
        LlmOptions{.observer = std::make_shared<RecordingObserver>(told, stop)});
    MixedProposer mixed(std::move(model), std::make_unique<evo::GeneticProposer>(evo::GeneticOptions{}), 0.4);
    evo::Run run = std::filesystem::exists(where)
                       ? evo::Run::resume(evo::RunRepository::open_for_writing(where), e, evaluator, mixed)
                       : evo::Run::create(where, e, "name = \"small\"\n", evaluator, mixed);
    current = &run;
    while (run.state().generation < kGenerations) run.step();
    return run.repository().head_tree();
  }
};

TEST_F(ResumeTest, StoppedAnywhereARunReachesTheSameTree) {
  const std::string whole = evolve("whole", {});
  const auto asked = content_of(path("whole.asked")).size();
  ASSERT_GT(asked, 30U);
  std::string resumed;
  int stops = 0;
  while (resumed.empty()) {
    const auto before = content_of(path("stopped.asked")).size();
    try {
      // "asked\n" has 6 bytes
      resumed = evolve("stopped", [&] { return content_of(path("stopped.asked")).size() >= before + 5 * 6; });
    } catch (const Stopped&) {
      ++stops;
    }
  }
  EXPECT_GE(stops, 2);
  EXPECT_EQ(resumed, whole);
  EXPECT_EQ(content_of(path("stopped.asked")).size(), asked);
  std::size_t spooled = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_ / "stopped.spool"))
    ++spooled;
  EXPECT_LT(spooled, asked / 6 * 2 / 3);  // those of committed generations are gone ("asked\n" has 6 bytes)
}

}  // namespace
}  // namespace llm_mutators
