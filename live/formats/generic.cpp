// Any JSON or table with named columns: a row a sample, or a row a question with lists.
#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "genome/base/text.hpp"
#include "live/formats/columns.hpp"
#include "live/formats/format.hpp"

namespace live {
namespace {

using genome::base::visible;

// The members of an object that may hold its records.
constexpr std::string_view kLists[] = {"samples", "data",     "rows",      "records",
                                       "results", "examples", "questions", "items"};

constexpr std::size_t kLookedAt = 256;  // records, by which columns are chosen

bool is_counted(std::string_view id) { return !id.empty() && id.find_first_not_of("0123456789") == id.npos; }

class Generic : public Format {
 public:
  explicit Generic(ColumnNames given) : given_(std::move(given)) {}

  // A list of objects, and no question beside it.
  bool is_container(const JsonShape& shape) const override {
    if (shape.layout != JsonLayout::kValues || shape.has("question") || shape.has("problem") ||
        shape.has("prompt"))
      return false;
    return std::ranges::any_of(shape.members, [this](const ShapeMember& each) {
      return each.within == '{' && take(each.name) == Take::kElements;
    });
  }
  Take take(std::string_view member) const override {
    return std::ranges::find(kLists, member) != std::end(kLists) ? Take::kElements : Take::kSkip;
  }

  void begin_file(const std::string&) override {
    ++file_;
    facts_ = ColumnFacts(given_);
    found_.reset();
  }

  std::size_t looks_ahead() const override { return kLookedAt; }
  void look(JsonElement element) override {
    if (const auto record = as_object(element)) facts_.add(unwrapped(*record));
  }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = unwrapped(object_in(element, "a record"));
    if (facts_.records() == 0) facts_.add(record);
    if (!found_) {
      const ColumnNames columns = found_columns(facts_, given_);
      found_ = Reading{.columns = columns, .null_is_none = facts_.of(columns.answer).told};
    }
    if (has(record, found_->columns.text) || has(record, found_->columns.answer))
      return read_by(*found_, record, out);
    // Of another kind than those before.
    ColumnFacts own(given_);
    own.add(record);
    read_by({.columns = found_columns(own, given_), .null_is_none = true}, record, out);
  }

 private:
  struct Reading {
    ColumnNames columns;
    bool null_is_none = true;  // an answer that is null: it has none. Else nobody looked for one
  };

  // {"row_idx": 0, "row": {...}}, as servers of data sets give rows.
  static JsonObject unwrapped(JsonObject record) {
    const auto row = find(record, "row_idx") ? find(record, "row") : std::nullopt;
    const auto inner = row ? as_object(*row) : std::nullopt;
    return inner ? *inner : record;
  }

  static bool has(JsonObject record, const std::string& name) {
    return !name.empty() && at_path(record, name).has_value();
  }
  static std::optional<JsonElement> value(JsonObject record, const std::string& name) {
    return name.empty() ? std::nullopt : find_path(record, name);
  }
  static std::optional<JsonArray> list(JsonObject record, const std::string& name) {
    const auto found = value(record, name);
    return found ? as_array(*found) : std::nullopt;
  }

  void read_by(const Reading& reading, JsonObject record, Samples& out) const {
    const ColumnNames& columns = reading.columns;
    const Sample base = base_of(record, columns, out);
    const auto texts = list(record, columns.text), answers = list(record, columns.answer);
    if (texts || answers)
      read_lists(record, columns, base, texts ? texts->size() : answers->size(), out);
    else
      read_row(record, reading, base, out);
  }

  // What all samples of the record share.
  Sample base_of(JsonObject record, const ColumnNames& columns, Samples& out) const {
    Sample base;
    if (const auto id = value(record, columns.id); id && !id->is_object() && !id->is_array())
      base.id = base.row = answer_in(*id, columns.id, out);
    if (const auto question = value(record, columns.question)) base.question = asked(*question, columns);
    if (const auto gold = value(record, columns.gold)) base.gold = answer_in(*gold, columns.gold, out);
    if (const auto options = value(record, columns.options); options && options->is_array())
      base.options = out.keep(simdjson::minify(*options));
    if (const auto model = value(record, columns.model))
      if (const auto name = as_text(*model)) base.model = *name;
    if (!columns.question.empty() && is_counted(base.id)) base.id = id_within(file_, base.id, out);
    return base;
  }

  // A text, or messages of which the user's last counts.
  static std::string_view asked(JsonElement question, const ColumnNames& columns) {
    if (const auto messages = as_array(question)) {
      const auto message = last_message(*messages, "user");
      const auto content = message ? find(*message, "content") : std::nullopt;
      if (content) return text_in(*content, columns.question);
    }
    return text_in(question, columns.question);
  }

  // ---- a row a sample

  static void read_row(JsonObject record, const Reading& reading, const Sample& base, Samples& out) {
    const ColumnNames& columns = reading.columns;
    if (!columns.text.empty() && !value(record, columns.text) && !value(record, columns.answer))
      return out.count_failed();
    Sample& sample = out.add();
    sample = base;
    fill(record, reading, sample, out);
    if (const auto number = value(record, columns.sample))
      if (const auto numeric = as_number(*number); numeric && *numeric >= 0 && *numeric < 1e15)
        sample.number = static_cast<std::int64_t>(*numeric);
  }

  static void fill(JsonObject record, const Reading& reading, Sample& sample, Samples& out) {
    const ColumnNames& columns = reading.columns;
    const auto text = value(record, columns.text), answer = value(record, columns.answer);
    if (text) take_content(*text, sample, out, columns.text);
    if (answer)
      sample.answer = answer_in(*answer, columns.answer, out);
    else if (!text || (reading.null_is_none && has(record, columns.answer)))
      sample.answer = std::string_view();
    if (const auto right = value(record, columns.right)) sample.right = verdict_in(*right);
    if (const auto tokens = value(record, columns.tokens))
      sample.tokens = whole_number(*tokens, columns.tokens);
    if (const auto reason = value(record, columns.reason)) sample.truncated = is_cut(*reason);
    for (const auto& [name, column] : columns.signals)
      if (const auto number = value(record, column)) add_signal(name, *number, column, sample);
  }

  static bool is_cut(JsonElement reason) {
    const auto word = as_text(reason);
    return word ? is_limit(*word) : reason.is_bool() && verdict_in(reason) == false;
  }

  // Of a reward for each step, the last one counts.
  static void add_signal(std::string_view name, JsonElement number, const std::string& column,
                         Sample& sample) {
    if (const auto steps = as_array(number)) {
      const std::vector<JsonElement> all = entries_in(*steps);
      if (all.empty()) return;
      number = all.back();
    }
    sample.signals.emplace_back(name, number_in(number, column));
  }

  // ---- a row a question

  // A column that has an entry for each sample; of others, and where one is null, nothing is told.
  class Entries {
   public:
    Entries(JsonObject record, const std::string& name, std::size_t samples) {
      const auto array = list(record, name);
      if (!array) return;
      there_ = true;
      entries_ = entries_in(*array);
      if (entries_.size() != samples)
        throw BadRecord(fmt::format("\"{}\" has {} entries, and there are {} samples", visible(name, 60),
                                    entries_.size(), samples));
    }
    bool there() const { return there_; }
    std::optional<JsonElement> at(std::size_t i) const {
      return there_ && !entries_[i].is_null() ? std::optional(entries_[i]) : std::nullopt;
    }

   private:
    bool there_ = false;
    std::vector<JsonElement> entries_;
  };

  static void read_lists(JsonObject record, const ColumnNames& columns, const Sample& base, std::size_t count,
                         Samples& out) {
    const Entries texts(record, columns.text, count), answers(record, columns.answer, count);
    const Entries rights(record, columns.right, count), tokens(record, columns.tokens, count);
    const Entries reasons(record, columns.reason, count);
    std::vector<Entries> signals;
    for (const auto& [name, column] : columns.signals) signals.emplace_back(record, column, count);
    const std::size_t before = out.all().size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto text = texts.at(i);
      if (!text && texts.there()) {
        out.count_failed();
        continue;
      }
      Sample& sample = out.add();
      sample = base;
      sample.number = static_cast<std::int64_t>(i);
      sample.positional = true;
      if (const auto inner = text ? as_object(*text) : std::nullopt)
        fill(*inner, {.columns = found_entry_columns(*inner), .null_is_none = true}, sample, out);
      else if (text)
        take_content(*text, sample, out, columns.text);
      if (answers.there())
        sample.answer = answers.at(i) ? answer_in(*answers.at(i), columns.answer, out) : std::string_view();
      if (const auto right = rights.at(i)) sample.right = verdict_in(*right);
      if (const auto each = tokens.at(i)) sample.tokens = whole_number(*each, columns.tokens);
      if (const auto reason = reasons.at(i)) sample.truncated = is_cut(*reason);
      for (std::size_t s = 0; s < signals.size(); ++s)
        if (const auto number = signals[s].at(i))
          add_signal(columns.signals[s].first, *number, columns.signals[s].second, sample);
    }
    // One number for all of them is their sum.
    if (const auto sum = value(record, columns.tokens); sum && !sum->is_array())
      share_tokens(std::span(out.all()).subspan(before), whole_number(*sum, columns.tokens));
  }

  const ColumnNames given_;
  ColumnFacts facts_;
  std::optional<Reading> found_;
  std::size_t file_ = 0;
};

}  // namespace

std::unique_ptr<Format> make_generic(const FormatWishes& wishes) {
  return std::make_unique<Generic>(wishes.columns);
}

}  // namespace live
