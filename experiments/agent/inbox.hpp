// inbox.hpp: a folder where a run leaves questions for an agent, and an agent leaves replies.
// Why:      a coding agent is a model that is not called: it comes when it likes. A command that waits for it
//           makes it one, and the run keeps its journal, budgets and determinism as with any other model.
// Use:      Inbox inbox("agent-inbox");
//           auto reply = inbox.ask(prompt, 600, stop);            // in the run: waits
//           for (const OpenQuestion& each : inbox.open()) ...     // in the agent's server
//           inbox.reply("HYPOTHESIS: ...");                       // to the oldest that has no reply yet
// How:      ID.question is locked by the process that waits; when that dies, the lock goes, and the next who
//           asks removes the file. ID.reply is put in its place by a link, which only one can make.
// Promises: a reply reaches one question, and whole. Nothing else in the folder is touched.
// Threads:  any number of processes and threads.
// Tests:    tests/experiments/agent/inbox_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace experiments {

struct OpenQuestion {
  std::string id;
  std::string text;
  std::int64_t seconds = 0;  // since it was asked
};

class Inbox {
 public:
  static constexpr std::size_t kMostBytes = 4U << 20U;  // of a question or a reply

  explicit Inbox(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes the folder where there is none. Nothing when `seconds` pass without a reply, or `stop` says true.
  // Throws genome::base::StorageError when the folder cannot be used.
  std::optional<std::string> ask(const std::string& prompt, double seconds,
                                 const std::function<bool()>& stop) const;

  // Those that somebody waits for and that have no reply yet, the oldest first.
  std::vector<OpenQuestion> open() const;

  // To that question, or to the oldest. Its id; nothing when there is none to reply to.
  std::optional<std::string> reply(const std::string& text, const std::string& id = "") const;

 private:
  bool is_waited_for(const std::filesystem::path& question) const;
  bool has_reply(const std::string& id) const;
  std::filesystem::path question_of(const std::string& id) const { return folder_ / (id + ".question"); }
  std::filesystem::path reply_to(const std::string& id) const { return folder_ / (id + ".reply"); }
  void remove_abandoned() const;
  std::vector<std::string> ids() const;

  std::filesystem::path folder_;
};

}  // namespace experiments
