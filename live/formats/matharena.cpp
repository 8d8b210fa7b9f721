// MathArena: a file a problem with lists over its runs, or rows with one run each, as its data sets have
// them.
#include <algorithm>
#include <fmt/format.h>

#include "live/formats/format.hpp"

namespace live {
namespace {

constexpr std::string_view kHiddenGold = "hash:";

class MathArena : public Format {
 public:
  void begin_file(const std::string&) override { ++file_; }
  // outputs/COMPETITION/MODEL/1.json
  std::string model_by_place(const std::filesystem::path& file) const override { return folder_of(file); }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = object_in(element, "a record");
    if (find(record, "idx_answer") || find(record, "all_messages"))
      read_row(record, out);
    else
      read_problem(record, out);
  }

 private:
  static std::optional<std::string_view> gold_of(JsonObject record, Samples& out) {
    const auto gold = find(record, "gold_answer");
    if (!gold) return std::nullopt;
    const std::string_view text = answer_in(*gold, "gold_answer", out);
    return text.starts_with(kHiddenGold) ? std::nullopt : std::optional(text);  // of a private set
  }

  static void take_reply(JsonElement messages, Sample& sample, Samples& out) {
    if (const auto text = as_text(messages)) {
      sample.text = *text;
      return;
    }
    const auto reply = last_message(array_in(messages, "messages"), "assistant");
    const auto content = reply ? find(*reply, "content") : std::nullopt;
    if (content) take_content(*content, sample, out);
  }

  // ---- a file a problem

  static void read_problem(JsonObject record, Samples& out) {
    const auto answers = entries_in(array_in(expect(record, "answers"), "answers"));
    const auto messages = entries_in(array_in(expect(record, "messages"), "messages"));
    const auto verdicts = list(record, "correct", answers.size());
    const auto costs = list(record, "detailed_costs", answers.size());
    if (messages.size() != answers.size())
      throw BadRecord(fmt::format("\"messages\" has {} entries, and there are {} answers", messages.size(),
                                  answers.size()));
    Sample base;
    if (const auto id = find(record, "idx")) base.row = answer_in(*id, "idx", out);
    base.question = text_in(expect(record, "problem"), "problem");
    base.gold = gold_of(record, out);
    const std::size_t before = out.all().size();
    for (std::size_t i = 0; i < answers.size(); ++i) {
      Sample& sample = out.add();
      sample = base;
      sample.number = static_cast<std::int64_t>(i);
      sample.positional = true;
      sample.answer = answer_in(answers[i], "answers", out);
      if (!messages[i].is_null()) take_reply(messages[i], sample, out);
      if (!verdicts.empty()) sample.right = verdict_in(verdicts[i]);
    }
    if (!costs.empty()) take_costs(costs, std::span(out.all()).subspan(before));
  }

  static std::vector<JsonElement> list(JsonObject record, std::string_view name, std::size_t samples) {
    const auto element = find(record, name);
    if (!element) return {};
    std::vector<JsonElement> entries = entries_in(array_in(*element, name));
    if (entries.size() != samples && !entries.empty())
      throw BadRecord(
          fmt::format("\"{}\" has {} entries, and there are {} answers", name, entries.size(), samples));
    return entries;
  }

  // Old files have all of the cost in the first run.
  static void take_costs(const std::vector<JsonElement>& costs, std::span<Sample> samples) {
    std::vector<std::int64_t> tokens;
    for (const JsonElement cost : costs) {
      const auto object = as_object(cost);
      const auto count = object ? find(*object, "output_tokens") : std::nullopt;
      if (!count) return;
      tokens.push_back(whole_number(*count, "output_tokens"));
    }
    const bool in_the_first =
        tokens.size() > 1 && tokens[0] > 0 &&
        std::all_of(tokens.begin() + 1, tokens.end(), [](auto each) { return each == 0; });
    if (in_the_first) return share_tokens(samples, tokens[0]);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i].tokens = tokens[i];
  }

  // ---- a row a run

  void read_row(JsonObject record, Samples& out) const {
    Sample& sample = out.add();
    if (const auto id = find(record, "problem_idx"))
      sample.id = sample.row = answer_in(*id, "problem_idx", out);
    if (const auto problem = find(record, "problem")) sample.question = text_in(*problem, "problem");
    // Each competition counts its problems.
    if (!sample.question.empty() && !sample.id.empty()) sample.id = id_within(file_, sample.id, out);
    for (const char* const name : {"model_config", "model_name"})
      if (const auto model = find(record, name); model && sample.model.empty())
        sample.model = text_in(*model, name);
    sample.gold = gold_of(record, out);
    if (const auto number = find(record, "idx_answer")) sample.number = whole_number(*number, "idx_answer");
    const auto parsed = find(record, "parsed_answer");
    sample.answer = parsed ? answer_in(*parsed, "parsed_answer", out) : std::string_view();
    const auto messages = find(record, "all_messages"), answer = find(record, "answer");
    if (messages && !(messages->is_string() && answer))  // as a text they are question and answer in one
      take_reply(*messages, sample, out);
    else if (answer)
      sample.text = text_in(*answer, "answer");
    if (const auto right = find(record, "correct")) sample.right = verdict_in(*right);
    if (const auto tokens = find(record, "output_tokens"))
      sample.tokens = whole_number(*tokens, "output_tokens");
  }

  std::size_t file_ = 0;
};

}  // namespace

std::unique_ptr<Format> make_matharena(const FormatWishes&) { return std::make_unique<MathArena>(); }

}  // namespace live
