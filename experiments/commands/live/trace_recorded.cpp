#include "experiments/commands/trace_recorded.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "experiments/commands/live/recorded_text.hpp"
#include "experiments/console/exit_codes.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "live/record/episode_json.hpp"
#include "live/record/record_file.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using live::EpisodeRecord;
using live::RecordLine;

constexpr std::size_t kShownQuestion = 40, kShownAnswer = 16;  // bytes

EpisodeRecord record_at(const std::string& file, const RecordLine& line) {
  try {
    return live::record_of(line.text);
  } catch (const std::exception& error) {
    throw replay::InputError(
        fmt::format("{}: line {}: {}", visible(file), line.number, visible(error.what())));
  }
}

void tell_torn(const std::string& file, std::uint64_t bytes) {
  if (bytes > 0)
    report(fmt::format("{}: the last line was cut off and is passed over, {} bytes", visible(file), bytes));
}

Cell whole(std::size_t value) { return static_cast<std::int64_t>(value); }

std::string cell_text(const std::string& text, Format format, std::size_t shown) {
  return format == Format::kTable ? visible(text, shown) : text;
}

void add_row(Table& table, const EpisodeRecord& record, std::size_t number, Format format) {
  const live::EpisodeOutcome& outcome = record.outcome;
  const live::SessionUsage& session = outcome.session;
  table.add_row({whole(number), cell_text(record.id, format, 44), cell_text(record.time, format, 20),
                 cell_text(record.head.controller, format, 24), Shortest{record.beta},
                 std::string(name_of(outcome.how)),
                 outcome.answer ? Cell(cell_text(*outcome.answer, format, kShownAnswer)) : Cell(Missing{}),
                 static_cast<std::int64_t>(session.rounds), whole(session.opened), whole(session.finished),
                 whole(session.pruned), whole(session.lost), outcome.tokens.generated(),
                 Decimal{record.seconds, 1},
                 cell_text(record.messages.back().content, format, kShownQuestion)});
}

int list(const RecordedTrace& asked) {
  const Format format = asked.format == "json" ? Format::kJson : Format::kTable;
  Table table({"episode", "id", "time", "controller", "beta", "end", "answer", "rounds", "opened", "finished",
               "pruned", "lost", "tokens", "seconds", "question"});
  const std::uint64_t torn = live::read_lines(asked.file, [&](const RecordLine& line) {
    add_row(table, record_at(asked.file, line), line.number, format);
  });
  tell_torn(asked.file, torn);
  print(table.text(format));
  return kGood;
}

std::optional<std::size_t> number_in(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// By its number no other line is looked into, so that one damaged line hides no other.
int show(const RecordedTrace& asked) {
  const std::string& wanted = *asked.episode;
  const std::optional<std::size_t> number = number_in(wanted);
  std::optional<EpisodeRecord> found;
  std::size_t lines = 0;
  const std::uint64_t torn = live::read_lines(asked.file, [&](const RecordLine& line) {
    lines = line.number;
    if (found || (number && *number != line.number)) return;
    EpisodeRecord record = record_at(asked.file, line);
    if (number || record.id == wanted) found = std::move(record);
  });
  tell_torn(asked.file, torn);
  if (!found)
    throw UsageError(fmt::format("{}: has no episode {}; there are {}, counted from 1, each with an id",
                                 visible(asked.file), visible(wanted, 60), lines));
  print(asked.format == "json" ? recorded_json(*found) : recorded_text(*found, asked.lines));
  return kGood;
}

}  // namespace

int trace_recorded(const RecordedTrace& asked) { return asked.episode ? show(asked) : list(asked); }

}  // namespace experiments
