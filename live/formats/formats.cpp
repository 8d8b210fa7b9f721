#include <algorithm>
#include <array>
#include <system_error>

#include "live/formats/format.hpp"

namespace live {
namespace {

using Shape = const JsonShape&;
using Why = std::optional<std::string_view>;

Why when(bool fits, std::string_view why) { return fits ? Why(why) : std::nullopt; }

constexpr std::array<std::string_view, 1> kAutotts{"autotts"};
constexpr std::array<std::string_view, 4> kGeneric{"json", "jsonl", "csv", "rows"};
constexpr std::array<std::string_view, 2> kInspect{"inspect_ai", "inspect-ai"};
constexpr std::array<std::string_view, 1> kLmEval{"lm-evaluation-harness"};
constexpr std::array<std::string_view, 1> kMathHarness{"math-evaluation-harness"};
constexpr std::array<std::string_view, 1> kOpenaiBatch{"openai"};
constexpr std::span<const std::string_view> kNone;

const std::array kFormats{
    FormatInfo{
        "autotts-raw", kAutotts, "AutoTTS's collector",
        "probe_matrix_mxn, branch_tokens and final_answers_trace",
        [](Shape shape) { return when(shape.has("probe_matrix_mxn"), "its records have probe_matrix_mxn"); },
        make_autotts},
    FormatInfo{"dynasor", kNone, "Dynasor", "problem_id, probe_responses and is_finished",
               [](Shape shape) {
                 return when(shape.has_list("probe_responses") && shape.has_list("is_finished"),
                             "it has probe_responses and is_finished");
               },
               make_dynasor},
    FormatInfo{"inspect", kInspect, "inspect_ai", "a log of version 1 or 2 with samples",
               [](Shape shape) {
                 return when((shape.has("eval") && (shape.has("samples") || shape.has("version"))) ||
                                 (shape.has("version") && shape.has("status")),
                             "it is one object with version and eval");
               },
               make_inspect},
    FormatInfo{"lm-eval", kLmEval, "lm-evaluation-harness", "doc, target and resps",
               [](Shape shape) {
                 return when(shape.has_list("resps") && (shape.has("doc") || shape.has("doc_id")),
                             "its records have doc and resps");
               },
               make_lm_eval},
    FormatInfo{"math-harness", kMathHarness, "math-evaluation-harness", "gt, pred and code",
               [](Shape shape) {
                 return when(shape.has("gt") && shape.has_list("pred") &&
                                 (shape.has_list("code") || shape.has_list("response")),
                             "its records have gt, pred and code");
               },
               make_math_harness},
    FormatInfo{"matharena", kNone, "MathArena",
               "problem, gold_answer, answers and messages, or problem_idx and all_messages",
               [](Shape shape) {
                 if (shape.has("problem_idx") && (shape.has("idx_answer") || shape.has("all_messages")))
                   return Why("its rows have problem_idx and idx_answer");
                 return when(
                     shape.has_list("answers") && shape.has_list("messages") && shape.has("gold_answer"),
                     "it has gold_answer, answers and messages");
               },
               make_matharena},
    FormatInfo{"openai-batch", kOpenaiBatch, "OpenAI's Batch API", "custom_id and response",
               [](Shape shape) {
                 return when(shape.has("custom_id") &&
                                 (shape.has("response") || shape.has("error") || shape.has("body")),
                             "its records have custom_id and response or body");
               },
               make_openai_batch},
    FormatInfo{"vllm", kNone, "vLLM", "prompt, request_id and outputs",
               [](Shape shape) {
                 const ShapeMember* const outputs = shape.find("outputs");
                 return when(outputs != nullptr && outputs->within == '{' &&
                                 (shape.has("request_id") || shape.has("prompt_token_ids")),
                             "its records have outputs and request_id");
               },
               make_vllm},
    FormatInfo{"generic", kGeneric, "any JSON, lines of JSON or CSV with named columns",
               "a question and texts or answers", [](Shape) { return Why(); }, make_generic}};

}  // namespace

std::string folder_of(const std::filesystem::path& file) {
  std::error_code failed;
  const std::filesystem::path whole = std::filesystem::absolute(file, failed);
  return (failed ? file : whole).lexically_normal().parent_path().filename().string();
}

std::span<const FormatInfo> formats() { return kFormats; }

const FormatInfo* find_format(std::string_view name) {
  const auto found = std::ranges::find_if(kFormats, [&](const FormatInfo& each) {
    return each.name == name || std::ranges::find(each.aliases, name) != each.aliases.end();
  });
  return found == kFormats.end() ? nullptr : &*found;
}

const FormatInfo* recognised(const JsonShape& shape) {
  const auto found = std::ranges::find_if(
      kFormats, [&](const FormatInfo& each) { return each.recognise(shape).has_value(); });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace live
