#include "experiments/session/trust.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iostream>
#include <unistd.h>

#include "experiments/config/model_keys.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/session/model_session.hpp"
#include "genome/base/error.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::shell_word;

// Nothing of it is cut off: what is not seen cannot be agreed to.
std::string whole(std::string_view text) { return genome::base::visible(text, text.size()); }

// A text as it is, and as it was written when variables are in it.
struct Text {
  std::string written, exact;
};

Text text_of(const std::string& exact, const Expansions& expansions) {
  const auto found = expansions.written.find(exact);
  return {found == expansions.written.end() ? exact : found->second, exact};
}

Request request(const std::string& kind, const Text& text) {
  return {whole(kind + text.written), whole(kind + text.exact)};
}

Text command_of(const evo::ModelSpec& spec, const fs::path& started_in, const Expansions& expansions) {
  Text line;
  for (std::size_t i = 0; i < spec.command.size(); ++i) {
    Text word = text_of(spec.command[i], expansions);
    const bool plain = word.written == word.exact;
    // Without its variables' values a program that is not there could not be named; its search tells later.
    const auto program = i == 0 ? find_program(word.exact, started_in) : std::nullopt;
    if (i == 0 && plain && !program) throw_no_program(word.exact);
    if (program) word.exact = program->string();
    if (program && plain) word.written = word.exact;
    line.written += (i == 0 ? "" : " ") + shell_word(word.written);
    line.exact += (i == 0 ? "" : " ") + shell_word(word.exact);
  }
  return line;
}

// A program may do otherwise in another folder, where a relative argument is another file.
Text in_this_folder(Text line) {
  const std::string where = ", started in " + shell_word(fs::current_path().string());
  return {line.written + where, line.exact + where};
}

// Who can read a key on its way is part of what is agreed to.
std::string unencrypted(const evo::ModelSpec& spec) {
  if (spec.unencrypted_hosts.empty()) return {};
  return fmt::format(", without encryption where {} is on its way",
                     fmt::join(spec.unencrypted_hosts, " or "));
}

void ask_on_terminal(const std::string& question) {
  report(question);
  std::fputs("evotts: go on with all of it? [y/N] ", stderr);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return;
  throw UsageError("not confirmed; nothing was started");
}

}  // namespace

std::vector<Request> requests_of(const Expansions& expansions) {
  std::vector<Request> requests;
  for (const Expansions::Use& use : expansions.uses) {
    const std::string text = fmt::format("{}, put into {}", use.variable, use.key);
    requests.push_back(request("variable ", {text, text}));
  }
  return requests;
}

std::vector<Request> requests_of(const evo::Experiment& experiment, const fs::path& started_in,
                                 const Expansions& expansions) {
  std::vector<Request> requests;
  if (!asks_models(experiment)) return requests;
  const auto add = [&](const std::string& kind, const Text& text) {
    const Request made = request(kind, text);
    if (std::ranges::count(requests, made) == 0) requests.push_back(made);
  };
  for (const evo::ModelSpec& spec : all_models(experiment)) {
    const bool is_command = info_of(spec.kind).reached_by == net::ReachedBy::kCommand;
    const Text target = is_command ? command_of(spec, started_in, expansions) : text_of(spec.url, expansions);
    if (is_command)
      add("command ", in_this_folder(target));
    else
      add("address ", target);
    if (spec.key_variable.empty()) continue;
    const Text name = text_of(spec.key_variable, expansions);
    const std::string use = is_command ? ", the key of " : ", sent to ";
    const std::string bare = unencrypted(spec);
    add("key variable ",
        {name.written + use + target.written + bare, name.exact + use + target.exact + bare});
  }
  return requests;
}

Trust::Trust(bool given, fs::path folder) : given_(given), kept_(std::move(folder)) {}

bool Trust::is_known(const std::string& text) const { return taken_.contains(text) || kept_.has(text); }

void Trust::remember(const std::string& text) {
  if (is_known(text)) return;
  taken_.insert(text);
  try {
    kept_.add(text);
  } catch (const genome::base::StorageError& error) {
    if (!told_) report(fmt::format("{}; so what is confirmed holds for this time only", error.what()));
    told_ = true;
  }
}

void Trust::confirm(const std::string& whose, const std::vector<Request>& requests) {
  std::vector<std::string> fresh;
  for (const Request& each : requests)
    if (!is_known(each.shown)) fresh.push_back(each.shown);
  std::string list;
  for (const std::string& each : fresh) list += "\n  " + each;
  const std::string question =
      fmt::format("{}: starts, reaches or reads what you have not confirmed on this machine:{}",
                  genome::base::visible(whose), list);
  if (given_) {
    for (const std::string& each : fresh) report("trusted from now on: " + each);
  } else if (!fresh.empty()) {
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0)
      throw UsageError(question + "\nnothing was started; when all of it may be, say so with --trust");
    ask_on_terminal(question);
  }
  for (const Request& each : requests) {
    remember(each.shown);
    remember(each.exact);
  }
}

}  // namespace experiments
