// The raw form of AutoTTS's collector: a matrix of answers at intervals, lengths, and answers at the end.
#include <cstddef>
#include <fmt/format.h>
#include <string>

#include "live/formats/format.hpp"

namespace live {
namespace {

class Autotts : public Format {
 public:
  // MODEL__DATASET__br128__fr500.jsonl
  std::string model_by_place(const std::filesystem::path& file) const override {
    const std::string name = file.filename().string();
    const std::size_t end = name.find("__");
    return end == name.npos ? std::string() : name.substr(0, end);
  }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = object_in(element, "a record");
    const std::string_view question = text_in(expect(record, "question"), "question");
    const std::string_view gold = answer_in(expect(record, "gold_answer"), "gold_answer", out);
    const std::int64_t interval = whole_number(expect(record, "probe_freq"), "probe_freq");
    if (interval == 0) throw BadRecord("\"probe_freq\" must not be 0");
    const auto matrix = entries_in(array_in(expect(record, "probe_matrix_mxn"), "probe_matrix_mxn"));
    const auto tokens = entries_in(array_in(expect(record, "branch_tokens"), "branch_tokens"));
    const auto finals = entries_in(array_in(expect(record, "final_answers_trace"), "final_answers_trace"));
    if (tokens.size() != matrix.size() || finals.size() != matrix.size())
      throw BadRecord(
          fmt::format("probe_matrix_mxn has {} rows, branch_tokens {} and final_answers_trace {} entries",
                      matrix.size(), tokens.size(), finals.size()));
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      Sample& sample = out.add();
      sample.question = question;
      sample.gold = gold;
      sample.number = static_cast<std::int64_t>(i);
      sample.tokens = whole_number(tokens[i], "branch_tokens");
      sample.answer = answer_in(finals[i], "final_answers_trace", out);
      sample.interval = interval;
      for (const JsonElement probe : array_in(matrix[i], "a row of probe_matrix_mxn"))
        sample.probes.push_back(answer_in(probe, "probe_matrix_mxn", out));
    }
  }
};

}  // namespace

std::unique_ptr<Format> make_autotts(const FormatWishes&) { return std::make_unique<Autotts>(); }

}  // namespace live
