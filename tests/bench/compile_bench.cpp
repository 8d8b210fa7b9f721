#include <fmt/format.h>
#include <memory>

#include "genome/program/compiler.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "tests/bench/benches.hpp"

namespace bench {
namespace {

// The same controllers in every form between text and bound program.
struct Forms {
  explicit Forms(std::size_t count) : checked(bred_controllers(count)) {
    for (const genome::CheckedController& each : checked) {
      texts.push_back(genome::print(each.tree()));
      programs.push_back(genome::compile(each));
    }
  }
  std::vector<genome::CheckedController> checked;
  std::vector<std::string> texts;
  std::vector<genome::Program> programs;
};

// One row for one step, over all controllers.
template <typename Step>
void add_step(Table& table, const char* name, const char* what, const std::shared_ptr<const Forms>& forms,
              Step step) {
  table.add({.name = fmt::format("compile/{}", name), .what = what}, [=](benchmark::State& state) {
    for (auto _ : state) {
      for (std::size_t i = 0; i < forms->texts.size(); ++i) benchmark::DoNotOptimize(step(*forms, i));
    }
    things(state, forms->texts.size());
  });
}

}  // namespace

void add_compile_benches(const Workload&, Table& table) {
  constexpr std::size_t kControllers = 200;
  const auto forms = std::make_shared<const Forms>(kControllers);
  table.section(fmt::format("from text to program: {} bred controllers, one thread", kControllers));
  table.add({.name = "compile/breed", .what = "bred by mutation and crossover, and told apart"},
            [](benchmark::State& state) {
              for (auto _ : state) benchmark::DoNotOptimize(bred_controllers(kControllers));
              things(state, kControllers);
            });
  add_step(table, "parse", "parsed", forms,
           [](const Forms& f, std::size_t i) { return genome::parse(f.texts[i]); });
  add_step(table, "check", "checked", forms,
           [](const Forms& f, std::size_t i) { return genome::check(f.checked[i].tree()); });
  add_step(table, "compile", "compiled", forms,
           [](const Forms& f, std::size_t i) { return genome::compile(f.checked[i]); });
  add_step(table, "bind", "bound to a beta", forms,
           [](const Forms& f, std::size_t i) { return genome::bind(f.programs[i], 0.5); });
}

}  // namespace bench
