#include "experiments/agent/tool.hpp"

#include <string>

namespace experiments {
namespace {

using Json = nlohmann::ordered_json;
using Kind = ParameterKind;

constexpr std::string_view kControllerMeaning =
    "the text of a controller, the name of a known one (see known_controllers), a file, or RUN:ID";

Parameter controller(std::string_view name = "controller", std::string_view meaning = kControllerMeaning) {
  return {.name = name, .kind = Kind::kController, .option = "", .meaning = meaning, .required = true};
}

Parameter controllers() {
  return {.name = "controllers",
          .kind = Kind::kControllers,
          .option = "",
          .meaning = "each the text of a controller, the name of a known one, a file, or RUN:ID",
          .required = true};
}

Parameter environments() {
  return {.name = "environments",
          .kind = Kind::kEnvironments,
          .option = "--env",
          .meaning = "recorded environments: files or folders, or made up ones as in synthetic:seed=3",
          .required = true};
}

Parameter run() {
  return {.name = "run",
          .kind = Kind::kRun,
          .option = "",
          .meaning = "the folder of a run, or RUN@GENERATION",
          .required = true};
}

Parameter member(std::string_view without) {
  return {.name = "id", .kind = Kind::kMember, .option = "", .meaning = without};
}

Parameter numbers(std::string_view name, std::string_view option, std::string_view meaning) {
  return {.name = name, .kind = Kind::kNumbers, .option = option, .meaning = meaning};
}

Parameter betas() { return numbers("betas", "--beta", "settings of the knob of token use, from 0 to 1"); }

Parameter integer(std::string_view name, std::string_view option, std::string_view meaning, std::int64_t most,
                  std::int64_t least = 0) {
  return {.name = name,
          .kind = Kind::kInteger,
          .option = option,
          .meaning = meaning,
          .required = false,
          .least = least,
          .most = most};
}

Parameter orderings() {
  return integer("orderings", "--orderings", "in how many orders the branches of a question are dealt", 1'000,
                 1);
}

Parameter questions() { return integer("questions", "--questions", "list up to so many questions", 1'000); }

std::vector<Tool> tools_about_controllers() {
  return {
      {.name = "language",
       .about =
           "The controller language: the whole page, or one word of it. Read it before writing a controller.",
       .command = {"language"},
       .parameters = {{.name = "word", .kind = Kind::kWord, .option = "", .meaning = "a word to explain"}}},
      {.name = "known_controllers",
       .about = "The known controllers, with what each does.",
       .command = {"list"},
       .parameters = {}},
      {.name = "show",
       .about = "The text of a controller.",
       .command = {"fmt"},
       .parameters = {controller()}},
      {.name = "check",
       .about = "What is wrong or doubtful in a controller's text, with places and hints, as JSON.",
       .command = {"check", "--format", "json"},
       .parameters = {controller()},
       .tells_faults = true},
  };
}

std::vector<Tool> tools_that_evaluate() {
  return {
      {.name = "eval",
       .about =
           "Accuracy, tokens and latency of controllers on recorded branches, as CSV. No model is called.",
       .command = {"eval", "--format", "csv"},
       .parameters = {controllers(), environments(), betas(), orderings()},
       .evaluates = true},
      {.name = "curve",
       .about = "Accuracy at equal mean tokens, interpolated along the knob, with 95% intervals, as CSV.",
       .command = {"curve", "--format", "csv"},
       .parameters = {controllers(),
                      environments(),
                      {.name = "against",
                       .kind = Kind::kController,
                       .option = "--against",
                       .meaning = "differences are to this controller, paired by question"},
                      numbers("at", "--at", "mean tokens of an episode"),
                      betas(),
                      orderings()},
       .evaluates = true},
      {.name = "compare",
       .about =
           "Two controllers on the same episodes: paired differences, and the first episode that differs.",
       .command = {"compare"},
       .parameters = {controller("a"), controller("b"), environments(), betas(), orderings(), questions()},
       .evaluates = true},
      {.name = "trace",
       .about = "One episode of a controller, action by action, and why it ended as it did.",
       .command = {"trace"},
       .parameters = {controller(),
                      {.name = "environment",
                       .kind = Kind::kEnvironment,
                       .option = "--env",
                       .meaning = "one recorded environment: a file, or synthetic:seed=3",
                       .required = true},
                      {.name = "beta",
                       .kind = Kind::kNumber,
                       .option = "--beta",
                       .meaning = "the knob of token use, from 0 to 1"},
                      integer("question", "--question", "which question, counted from 0", 1'000'000),
                      integer("ordering", "--ordering", "in which order its branches are dealt", 1'000'000)}},
      {.name = "diagnose",
       .about = "Why episodes are lost and where tokens go.",
       .command = {"diagnose"},
       .parameters = {controller(), environments(), betas(), orderings(), questions()},
       .evaluates = true},
  };
}

std::vector<Tool> tools_about_runs() {
  return {
      {.name = "status",
       .about = "Where a run stands: its best controller, frontier, expected gain and spending.",
       .command = {"status"},
       .parameters = {run()}},
      {.name = "log",
       .about = "The generations of a run that brought a better controller.",
       .command = {"log", "--improved"},
       .parameters = {run()}},
      {.name = "lineage",
       .about = "The steps by which a controller of a run came to be, each with its operator and its gain at "
                "birth.",
       .command = {"lineage", "--no-intervals"},
       .parameters =
           {run(),
            member("champion (without it), best (what is recommended), or the beginning of an identity")}},
      {.name = "export",
       .about = "The text of a controller of a run.",
       .command = {"export"},
       .parameters =
           {run(),
            member("best (what is recommended, without it), champion, or the beginning of an identity")}},
      {.name = "prompt",
       .about = "What a language model would be asked about the best controller of a run: the task, the "
                "controller, "
                "its curve, where it loses, and what earlier proposals brought.",
       .command = {"prompt"},
       .parameters = {run()},
       .evaluates = true},
  };
}

std::vector<Tool> tools_that_propose() {
  return {
      {.name = "questions",
       .about = "What running experiments ask at this moment, the oldest question first. The first is shown "
                "whole.",
       .command = {},
       .parameters = {},
       .kind = ToolKind::kQuestions},
      {.name = "propose",
       .about =
           "Propose a controller to the running experiment that asks. It is checked first; what does not "
           "check "
           "is told and not counted. It takes the place of a language model's reply and is judged as such.",
       .command = {},
       .parameters = {controller("controller", "the text of the controller"),
                      {.name = "hypothesis",
                       .kind = Kind::kText,
                       .option = "",
                       .meaning = "one sentence: why it should be better; kept in the lineage",
                       .required = true},
                      {.name = "question",
                       .kind = Kind::kWord,
                       .option = "",
                       .meaning = "the id of a question; the oldest without it"},
                      integer("wait_seconds", "", "wait so long for a question when there is none", 300)},
       .kind = ToolKind::kPropose},
  };
}

Json schema_of(const Parameter& parameter) {
  Json schema;
  const Json text = {{"type", "string"}};
  switch (parameter.kind) {
    case Kind::kController:
    case Kind::kRun:
    case Kind::kMember:
    case Kind::kEnvironment:
    case Kind::kWord:
    case Kind::kText: schema = text; break;
    case Kind::kControllers:
    case Kind::kEnvironments: schema = {{"type", "array"}, {"items", text}, {"minItems", 1}}; break;
    case Kind::kNumbers:
      schema = {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 1}};
      break;
    case Kind::kNumber: schema = {{"type", "number"}}; break;
    case Kind::kInteger:
      schema = {{"type", "integer"}, {"minimum", parameter.least}, {"maximum", parameter.most}};
      break;
  }
  schema["description"] = parameter.meaning;
  return schema;
}

}  // namespace

const std::vector<Tool>& all_tools() {
  static const std::vector<Tool> tools = [] {
    std::vector<Tool> all;
    for (const auto& part :
         {tools_about_controllers(), tools_that_evaluate(), tools_about_runs(), tools_that_propose()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return tools;
}

Json description_of(const Tool& tool) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Parameter& each : tool.parameters) {
    properties[std::string(each.name)] = schema_of(each);
    if (each.required) required.push_back(each.name);
  }
  Json schema = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = required;
  return {{"name", tool.name},
          {"description", tool.about},
          {"inputSchema", schema},
          {"annotations",
           {{"readOnlyHint", tool.kind != ToolKind::kPropose},
            {"destructiveHint", false},
            {"openWorldHint", false}}}};
}

}  // namespace experiments
