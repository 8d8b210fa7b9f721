// Request outputs of vLLM, as JSON: a record for each prompt, with its completions.
#include "live/formats/columns.hpp"
#include "live/formats/format.hpp"

namespace live {
namespace {

class Vllm : public Format {
 public:
  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = object_in(element, "a record");
    Sample base;
    if (const auto prompt = find(record, "prompt")) base.question = text_in(*prompt, "prompt");
    // Requests are counted anew in each file: a number is an id only where nothing else tells the question.
    if (const auto id = find(record, "request_id")) base.row = answer_in(*id, "request_id", out);
    if (base.question.empty()) base.id = base.row;
    if (const auto gold = usual_gold(record)) base.gold = answer_in(*gold, "the right answer", out);
    for (const JsonElement each : array_in(expect(record, "outputs"), "outputs")) {
      const JsonObject output = object_in(each, "an output");
      Sample& sample = out.add();
      sample = base;
      sample.text = text_in(expect(output, "text"), "text");
      if (const auto index = find(output, "index")) sample.number = whole_number(*index, "index");
      sample.positional = true;
      if (const auto reason = find(output, "finish_reason"))
        sample.truncated = is_limit(text_in(*reason, "finish_reason"));
      if (const auto ids = find(output, "token_ids"))
        sample.tokens = static_cast<std::int64_t>(array_in(*ids, "token_ids").size());
      const auto sum = find(output, "cumulative_logprob");
      if (sum && sample.tokens && *sample.tokens > 0)
        sample.signals.emplace_back(
            "logprob", number_in(*sum, "cumulative_logprob") / static_cast<double>(*sample.tokens));
    }
  }
};

}  // namespace

std::unique_ptr<Format> make_vllm(const FormatWishes&) { return std::make_unique<Vllm>(); }

}  // namespace live
