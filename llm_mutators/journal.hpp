// journal.hpp: what was asked of a model and what it replied, kept so that nothing is asked twice.
// Why:      replies cost money and time and cannot be had again the same. A generation that was killed half
//           way is made again from its journal, and so comes out the same.
// Use:      Journal journal({.spool = run / ".git" / "evotts-spool", .committed = lookup, .tell = print});
//           auto kept = journal.recall("my-agent", question);
//           if (!kept) kept = journal.record("my-agent", question, reply.text);
//           use(kept->reply);
// Promises: a record is whole and on the disk before record() returns; what is used is what was written
//           (replies are made valid UTF-8 first), so the first use and every later one see the same bytes.
//           Records depend on question and reply alone: no clock, no host, nothing of the environment.
//           A record that is damaged or about something else is told of and taken for none.
// Throws:   JournalError, naming path and operation, when a record cannot be written.
// Threads:  one thread at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "evo/proposer.hpp"

namespace llm_mutators {

struct JournalError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One question of a model. All of it, with the model's name, is what its digest is of.
struct Question {
  std::string purpose;  // e.g. "mutate"
  int generation = 0;
  std::size_t index = 0;  // of the request within the generation
  int attempt = 0;        // 0, then the repairs
  std::string prompt;
};

struct Kept {
  evo::Exchange exchange;
  std::string reply;
};

struct JournalOptions {
  std::filesystem::path spool;  // a folder for what is not yet committed; made when it is needed
  // The record that the run already holds under this digest, or nothing. May be empty.
  std::function<std::optional<std::string>(const std::string& digest)> committed;
  std::function<void(const std::string& message)> tell;  // may be empty
};

class Journal {
 public:
  explicit Journal(JournalOptions options) : options_(std::move(options)) {}

  // What was replied before, or nothing.
  std::optional<Kept> recall(std::string_view client, const Question& question) const;
  Kept record(std::string_view client, const Question& question, std::string_view reply) const;

  // Removes from the spool what the run holds, byte by byte.
  void drop_committed() const;

 private:
  std::filesystem::path path_of(const std::string& digest) const;
  void tell(const std::string& message) const;
  JournalOptions options_;
};

}  // namespace llm_mutators
