// The command that finds out what a server of models can do: upstream.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/live/server_option.hpp"
#include "experiments/console/json_text.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "live/discovery/discovery.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using live::Capabilities;

struct Arguments {
  ServerOptions server;
  std::string format = "text";
};

struct Row {
  std::string what, found;
};

std::string yes(bool whether) { return whether ? "yes" : "no"; }

std::string logprobs_text(bool any, int top) {
  if (!any) return "no";
  return top > 1 ? fmt::format("yes, of the {} likeliest tokens too", top) : "of the sampled tokens";
}

std::vector<Row> completion_rows(const Capabilities& can) {
  std::vector<Row> rows = {{"completions of a prompt", yes(can.completions)}};
  if (!can.completions) return rows;
  rows.push_back({"prompt of token ids", yes(can.ids_in)});
  rows.push_back({"token ids of the reply", yes(can.ids_out)});
  rows.push_back({"log-probabilities", logprobs_text(can.logprobs, can.top_logprobs)});
  rows.push_back({"puts its own token before a text", yes(can.own_beginning)});
  return rows;
}

std::vector<Row> chat_rows(const Capabilities& can) {
  std::vector<Row> rows = {{"chats", yes(can.chat)}};
  if (!can.chat) return rows;
  rows.push_back({"limit on a reply", can.limit});
  rows.push_back({"log-probabilities of chats", logprobs_text(can.chat_logprobs, can.chat_top_logprobs)});
  rows.push_back({"continues an assistant's message", std::string(name_of(can.continuation))});
  rows.push_back({"field of thought", can.thought_field.empty() ? "none seen" : can.thought_field});
  return rows;
}

std::vector<Row> rows_of(const Capabilities& can) {
  std::vector<Row> rows = completion_rows(can);
  for (Row& each : chat_rows(can)) rows.push_back(std::move(each));
  rows.push_back({"tokenizer", can.detokenizer ? "yes, both ways" : yes(can.tokenizer)});
  rows.push_back({"renders messages", std::string(name_of(can.rendering))});
  rows.push_back({"context", can.context ? fmt::format("{} tokens", *can.context) : "not told"});
  rows.push_back({"streams", yes(can.streams)});
  rows.push_back(
      {"usage", can.usage ? (can.stream_usage ? "yes, in streams too" : "yes, not in streams") : "no"});
  rows.push_back({"tokens in one event", can.streams ? fmt::format("{}", can.tokens_in_largest_event) : "-"});
  rows.push_back({"several replies to a request (n)", std::string(name_of(can.n))});
  rows.push_back({"repeats a seed", std::string(name_of(can.seed))});
  rows.push_back({"stops when the client is gone", std::string(name_of(can.cancel))});
  return rows;
}

std::string text_of(const Capabilities& can) {
  std::string text =
      fmt::format("{}\nmodel  {}{}\ngrade  {}: {}\n\n", visible(can.base, 200), visible(can.model, 200),
                  can.server.empty() || can.server == can.model ? "" : " (" + can.server + ")",
                  name_of(grade_of(can)), meaning_of(grade_of(can)));
  Table table({"what", "found"});
  for (const Row& row : rows_of(can)) table.add_row({row.what, row.found});
  text += table.text(Format::kTable);
  const std::vector<live::Advice> advice = missing(can);
  if (!advice.empty()) text += "\nmissing:\n";
  for (const live::Advice& each : advice) text += fmt::format("- {}\n  {}\n", each.what, each.remedy);
  text += fmt::format("\nfound out by {} requests: {} tokens read, {} written\n", can.requests, can.tokens_in,
                      can.tokens_out);
  return text;
}

std::string json_of(const Capabilities& can) {
  using Json = nlohmann::ordered_json;
  Json advice = Json::array();
  for (const live::Advice& each : missing(can))
    advice.push_back({{"what", each.what}, {"remedy", each.remedy}});
  const Json json = {{"url", can.base},
                     {"model", can.model},
                     {"server", can.server},
                     {"grade", name_of(grade_of(can))},
                     {"completions", can.completions},
                     {"ids_in", can.ids_in},
                     {"ids_out", can.ids_out},
                     {"logprobs", can.logprobs},
                     {"top_logprobs", can.top_logprobs},
                     {"own_beginning", can.own_beginning},
                     {"chat", can.chat},
                     {"limit", can.limit},
                     {"chat_logprobs", can.chat_logprobs},
                     {"chat_top_logprobs", can.chat_top_logprobs},
                     {"continuation", name_of(can.continuation)},
                     {"prefill_refused", can.prefill_refused},
                     {"thought_field", can.thought_field},
                     {"tokenizer", can.tokenizer},
                     {"detokenizer", can.detokenizer},
                     {"rendering", name_of(can.rendering)},
                     {"context", can.context ? Json(*can.context) : Json()},
                     {"streams", can.streams},
                     {"usage", can.usage},
                     {"stream_usage", can.stream_usage},
                     {"tokens_in_largest_event", can.tokens_in_largest_event},
                     {"n", name_of(can.n)},
                     {"seed", name_of(can.seed)},
                     {"cancel", name_of(can.cancel)},
                     {"left_out", can.left_out},
                     {"models", can.models},
                     {"missing", advice},
                     {"requests", can.requests},
                     {"tokens_in", can.tokens_in},
                     {"tokens_out", can.tokens_out}};
  return json_line(json) + "\n";
}

int run_upstream(const Arguments& arguments) {
  if (arguments.format != "text" && arguments.format != "json")
    throw UsageError(
        fmt::format("--format must be text or json, found \"{}\"", visible(arguments.format, 60)));
  const live::Server server = server_of(arguments.server);
  const Capabilities can = discover(server, arguments.server.model);
  if (arguments.format == "json")
    print(json_of(can));
  else
    print(text_of(can));
  return kGood;
}

}  // namespace

void add_upstream_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const upstream =
      app.add_subcommand("upstream", "Find out what a server of models can do for branches");
  add_server_options(*upstream, arguments->server, "URL");
  upstream->add_option("--format", arguments->format, "How to print: text, or json")
      ->type_name("text|json")
      ->capture_default_str();
  upstream->footer(
      R"(Some thirty short requests are sent, and one long one that is dropped; a hosted server bills them. The
grade is exact where branches are paused and looked into by token ids. It is text where that is done by text:
boundaries may differ by a token. It is whole samples where branches come whole. docs/upstreams.md tells what
each finding means.

Example: evotts upstream http://127.0.0.1:8000/v1
         evotts upstream https://api.example.com/v1 --model large --key-variable EXAMPLE_KEY)");
  upstream->callback([arguments, &action] { action = [arguments] { return run_upstream(*arguments); }; });
}

}  // namespace experiments
