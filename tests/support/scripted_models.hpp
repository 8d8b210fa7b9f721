// scripted_models.hpp: what the tests of language model clients share: shell scripts that play the model.
// Why:      the real thing costs money and does as it likes; a script misbehaves on request.
// Use:      class MyTest : public ScriptedModels {};  ... CommandClient({.argv = {script("ask.sh", "cat")}})
// Promises: everything is in a folder of the test's own, which is removed at its end.
// Threads:  one test at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "evo/population/individual.hpp"
#include "genome/base/file.hpp"
#include "genome/text/known_controllers.hpp"
#include "llm_mutators/clients/command_client.hpp"

namespace llm_mutators {

class ScriptedModels : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "evotts-models-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

  static std::string content_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // An executable shell script with this body; inside it $HERE is the folder.
  std::string script(const std::string& name, const std::string& body) const {
    const std::string made = file(name, fmt::format("#!/bin/sh\nHERE='{}'\n{}\n", folder_.string(), body));
    std::filesystem::permissions(made, std::filesystem::perms::owner_all);
    return made;
  }

  // Whether the process is gone, or dead and only not yet waited for.
  static bool dies_soon(const std::string& pid) {
    for (int look = 0; look < 100; ++look) {
      const std::string stat = content_of("/proc/" + pid + "/stat");
      if (stat.empty() || stat.find(") Z ") != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  // A command that takes the prompt, notes that it was asked, and replies with `reply`.
  std::unique_ptr<CommandClient> always(const std::string& reply) const {
    file("always.txt", reply);
    const std::string body = "cat > /dev/null; echo asked >> $HERE/asked; cat $HERE/always.txt";
    return std::make_unique<CommandClient>(
        CommandOptions{.argv = {script("always.sh", body)}, .seconds = 10});
  }

  int times_asked() const {
    const std::string asked = content_of(path("asked"));
    return static_cast<int>(std::count(asked.begin(), asked.end(), '\n'));
  }

  static evo::Individual known(std::string_view name) {
    const auto checked = genome::check_text(genome::known_controller(name).value()).controller;
    evo::Individual individual = evo::make_individual(checked.value(), {});
    individual.curve = {{0, 61.5, 52000}, {0.5, 66.25, 180000}, {1, 70, 412345.6}};
    individual.score = 64.125;
    return individual;
  }

  // cmc with another level: a child that is neither of the parents used here.
  static std::string better_cmc() {
    std::string text(genome::known_controller("cmc").value());
    const std::string from = "0.85 + 0.12*beta";
    return text.replace(text.find(from), from.size(), "0.86 + 0.11*beta");
  }

  static std::string good_reply() {
    return fmt::format("HYPOTHESIS: a higher level early on.\n\n```\n{}```\n", better_cmc());
  }

  std::filesystem::path folder_;
};

}  // namespace llm_mutators
