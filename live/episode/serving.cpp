#include "live/episode/serving.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <vector>

#include "genome/base/text.hpp"
#include "genome/program/answer_reads.hpp"
#include "live/upstream/server.hpp"

namespace live {
namespace {

using genome::Code;
using genome::Program;

[[noreturn]] void refuse(const std::string& why) { throw UpstreamError(genome::base::Fault::kInput, why); }

bool has(const Program& program, Code code) {
  return std::ranges::any_of(program.code, [code](const auto& each) { return each.code == code; });
}

bool watches(const Program& program, genome::Slot number) { return (program.watched >> number & 1) != 0; }

// What of unfinished branches it reads. One that only ever reads whole branches has no unfinished ones.
std::vector<std::string> read_of_unfinished(const Program& program) {
  std::vector<std::string> all;
  if (!has(program, Code::kOpen)) return all;
  if (watches(program, genome::slots::kStreak)) all.emplace_back("streak");
  if (watches(program, genome::slots::kChanges)) all.emplace_back("changes");
  bool votes = false, answers = false;
  const std::vector<genome::AnswerReads> reads = genome::answer_reads(program);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    if (reads[i] != genome::AnswerReads::kAll) continue;
    (program.code[i].code == Code::kTally ? votes : answers) = true;
  }
  if (answers) all.emplace_back("answer");
  if (votes) all.emplace_back("votes");
  return all;
}

// Whether questions reach the server as prompts of completions; Upstream::begin() decides by the same.
bool by_completions(const Capabilities& can, bool messages) {
  if (!can.completions || !messages) return can.completions;
  return can.rendering == Rendering::kText ||
         (can.rendering == Rendering::kIds && grade_of(can) == Grade::kExact);
}

void expect_signal(const std::string& name, const Program& program, const Capabilities& can, bool messages) {
  const bool completions = by_completions(can, messages);
  const bool told = completions ? can.logprobs : can.chat_logprobs;
  const int candidates = completions ? can.top_logprobs : can.chat_top_logprobs;
  const std::string whose = fmt::format("controller {} reads the signal {}", program.name, name);
  if (name == "logprob") {
    if (!told) refuse(whose + ": the server tells no log-probabilities");
  } else if (name == "entropy" || name == "confidence") {
    if (!told || candidates < 2)
      refuse(whose + ": the server tells no log-probabilities of other tokens than the sampled one");
  } else {
    refuse(whose + ": only logprob, entropy and confidence can be told by a server of models");
  }
}

}  // namespace

void expect_servable(const Program& program, const Capabilities& can, bool messages) {
  const Grade grade = grade_of(can);
  if (grade == Grade::kNone)
    refuse(fmt::format("{}: neither completes prompts nor chats; evotts upstream tells more",
                       genome::base::visible(can.base, 200)));
  if (!takes_questions(can, messages))
    refuse(messages
               ? "the server renders no messages and continues none, so that no chat can be answered; --raw "
                 "serves prompts"
               : "the server completes no prompt of text, which --raw needs");
  for (const std::string& name : program.signals) expect_signal(name, program, can, messages);
  if (grade != Grade::kWholeSamples) return;
  const std::vector<std::string> reads = read_of_unfinished(program);
  if (reads.empty()) return;
  refuse(
      fmt::format("controller {} reads {} of unfinished branches, but this server can only be asked for "
                  "whole replies (grade {}); evotts upstream tells what it lacks",
                  program.name, fmt::join(reads, ", "), name_of(grade)));
}

}  // namespace live
