// Outputs of math-evaluation-harness: a row a question, with lists of texts, answers and verdicts.
#include <fmt/format.h>

#include "live/formats/columns.hpp"
#include "live/formats/format.hpp"

namespace live {
namespace {

class MathHarness : public Format {
 public:
  void begin_file(const std::string&) override { ++file_; }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = object_in(element, "a record");
    const auto answers = entries_in(array_in(expect(record, "pred"), "pred"));
    const auto code = find(record, "code");
    const auto texts =
        entries_in(array_in(code ? *code : expect(record, "response"), code ? "code" : "response"));
    if (texts.size() != answers.size())
      throw BadRecord(
          fmt::format("\"pred\" has {} entries, and there are {} texts", answers.size(), texts.size()));
    Sample base;
    if (const auto id = find(record, "idx")) base.id = base.row = answer_in(*id, "idx", out);
    if (const auto question = usual_question(record)) base.question = text_in(*question, "question");
    if (!base.question.empty() && !base.id.empty()) base.id = id_within(file_, base.id, out);
    base.gold = answer_in(expect(record, "gt"), "gt", out);
    const auto scores = find(record, "score");
    const auto verdicts = scores ? entries_in(array_in(*scores, "score")) : std::vector<JsonElement>();
    if (scores && verdicts.size() != texts.size())
      throw BadRecord(
          fmt::format("\"score\" has {} entries, and there are {} texts", verdicts.size(), texts.size()));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      Sample& sample = out.add();
      sample = base;
      sample.number = static_cast<std::int64_t>(i);
      sample.positional = true;
      sample.text = text_in(texts[i], "a text");
      sample.answer = answer_in(answers[i], "pred", out);
      if (scores) sample.right = verdict_in(verdicts[i]);
    }
  }

 private:
  std::size_t file_ = 0;
};

}  // namespace

std::unique_ptr<Format> make_math_harness(const FormatWishes&) { return std::make_unique<MathHarness>(); }

}  // namespace live
