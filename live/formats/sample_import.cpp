#include "live/formats/sample_import.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "live/files/archive_reader.hpp"
#include "live/files/csv_rows.hpp"
#include "live/formats/csv_record.hpp"
#include "live/formats/found_files.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::trimmed;
using genome::base::visible;
using replay::InputError;
namespace fs = std::filesystem;

constexpr std::string_view kParquet =
    "is Parquet; make lines of JSON of it first: python3 -c \"import pandas; "
    "pandas.read_parquet('FILE').to_json("
    "'FILE.jsonl', orient='records', lines=True)\"";
constexpr std::string_view kPickle =
    "is a pickle of Python, which runs programs when it is read; write its objects as JSON instead";

[[noreturn]] void refuse(const std::string& name, std::string_view problem) {
  throw InputError(fmt::format("{}: {}", name, problem));
}

}  // namespace

SampleImport::SampleImport(SampleImportWishes wishes, const AnswerReader& reader, const GoldTable* golds)
    : wishes_(std::move(wishes)), golds_(golds), pool_(reader, wishes_.pool) {
  if (wishes_.format == "auto") return;
  const FormatInfo* const info = find_format(wishes_.format);
  if (info == nullptr) throw InputError(fmt::format("\"{}\" is no format", visible(wishes_.format, 60)));
  set_format(*info);
}

void SampleImport::set_format(const FormatInfo& info) {
  FormatWishes wishes = wishes_.of_format;
  if (golds_ != nullptr)
    wishes.known = [golds = golds_](std::string_view name) { return golds->of(name, name) != nullptr; };
  info_ = &info;
  format_ = info.make(wishes);
}

void SampleImport::read(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files = without_others(found_files(paths), paths);
  for (const fs::path& file : files) {
    std::error_code none;
    if (const auto size = fs::file_size(file, none); !none) total_ += size;
  }
  for (const fs::path& file : inputs_first(std::move(files))) {
    ++counts_.files;
    read_file(file);
    std::error_code none;
    if (const auto size = fs::file_size(file, none); !none) done_ += size;
  }
  try {
    if (format_ != nullptr) format_->finish(samples_);
    take_samples();
  } catch (const BadRecord& wrong) {
    bad(fmt::format("{}: {}", visible(paths.back().string()), wrong.what()));
  }
  if (counts_.records == counts_.bad && counts_.bad > 0) throw InputError(counts_.first_bad.front());
}

std::vector<std::string> SampleImport::remarks() const {
  std::vector<std::string> all = format_ == nullptr ? std::vector<std::string>() : format_->remarks();
  if (!others_.empty())
    all.push_back(fmt::format("{} file{} of folders left out, as {}: not what {} writes", others_.size(),
                              others_.size() == 1 ? "" : "s", visible(others_.front().string()),
                              info_->title));
  return all;
}

// Tools leave other files beside their samples: figures, tables. Of a folder those are read that a format
// knows, where it knows any; files that are named are read, or refused, as they come.
std::vector<fs::path> SampleImport::without_others(std::vector<fs::path> files,
                                                   const std::vector<fs::path>& named) {
  if (files.size() < 2 || info_ == find_format("generic")) return files;
  std::vector<fs::path> known, others;
  for (const fs::path& file : files) {
    bool is_known = std::ranges::find(named, file) != named.end() || packing_of(file) == Packing::kZip;
    if (!is_known && (packing_of(file) == Packing::kPlain || packing_of(file) == Packing::kCompressed)) {
      const std::unique_ptr<ByteSource> bytes = open_bytes(file);
      TextWindow window(*bytes, visible(file.string()));
      const JsonShape shape = json_shape(window);
      is_known = info_ == nullptr ? recognised(shape) != nullptr
                                  : info_->recognise(shape) || info_->make({})->is_input(shape);
    }
    (is_known ? known : others).push_back(file);
  }
  if (known.empty()) return files;
  others_ = std::move(others);
  return known;
}

// Those that tell the questions of others, in front.
std::vector<fs::path> SampleImport::inputs_first(std::vector<fs::path> files) {
  const bool asks = info_ == nullptr || format_->has_inputs();
  if (!asks || files.size() < 2) return files;
  std::vector<fs::path> inputs, others;
  for (fs::path& file : files) {
    bool input = false;
    if (packing_of(file) == Packing::kPlain || packing_of(file) == Packing::kCompressed) {
      const std::unique_ptr<ByteSource> bytes = open_bytes(file);
      TextWindow window(*bytes, visible(file.string()));
      const JsonShape shape = json_shape(window);
      const FormatInfo* const info = info_ == nullptr ? recognised(shape) : info_;
      input = info != nullptr && info->make({})->is_input(shape);
    }
    (input ? inputs : others).push_back(std::move(file));
  }
  inputs.insert(inputs.end(), others.begin(), others.end());
  return inputs;
}

// ---- a file

void SampleImport::read_file(const fs::path& file) {
  const std::string name = visible(file.string());
  switch (packing_of(file)) {
    case Packing::kParquet: refuse(name, kParquet);
    case Packing::kPickle: refuse(name, kPickle);
    case Packing::kZip: return read_zip(file);
    case Packing::kPlain:
    case Packing::kCompressed: break;
  }
  const std::unique_ptr<ByteSource> bytes = open_bytes(file);
  read_text(file, *bytes);
}

void SampleImport::read_text(const fs::path& file, ByteSource& bytes) {
  const std::string name = visible(file.string());
  TextWindow window(bytes, name);
  const JsonShape shape = json_shape(window);
  if (trimmed(window.view()).empty() && !window.grow()) refuse(name, "is empty");
  choose(name, shape);
  format_->begin_file(file.filename().string());
  try {
    if (shape.layout)
      read_json(window, shape);
    else
      read_table(window);
  } catch (const WrongFile& wrong) {
    refuse(name, wrong.what());
  } catch (const InputError& error) {  // around the records: what follows cannot be told apart
    if (!wishes_.skip_bad) throw;
    ++counts_.records;
    bad(error.what());
  }
}

void SampleImport::choose(const std::string& name, const JsonShape& shape) {
  if (shape.has("each_branch") && shape.has("probe_freq"))
    refuse(name, "is an environment already; it needs no import");
  if (wishes_.format != "auto") return expect_format(name, shape);
  const FormatInfo* const found = recognised(shape);
  const FormatInfo* const info = found != nullptr ? found : find_format("generic");
  if (info_ != nullptr && info != info_)
    refuse(name, fmt::format("looks like {}, and the files before like {}; import them one by one",
                             info->title, info_->title));
  if (info_ != nullptr) return;
  set_format(*info);
  why_ = found != nullptr
             ? std::string(*found->recognise(shape))
             : std::string("it is of no tool that is known, so its columns are found by their names");
}

void SampleImport::expect_format(const std::string& name, const JsonShape& shape) const {
  if (info_ == find_format("generic") || info_->recognise(shape)) return;
  if (shape.layout && shape.members.empty()) return;  // broken, which its reader tells better
  const FormatInfo* const other = recognised(shape);
  refuse(name, fmt::format("is not what {} writes: {} are expected{}", info_->title, info_->expected,
                           other == nullptr ? shape.layout ? "" : ", and this is no JSON"
                                            : fmt::format("; it looks like {}: evotts env import {}",
                                                          other->title, other->name)));
}

void SampleImport::read_json(TextWindow& window, const JsonShape& shape) {
  const bool container = format_->is_container(shape);
  const JsonLayout layout = container ? JsonLayout::kObject : *shape.layout;
  JsonStream stream(window, layout, [this](std::string_view member) { return format_->take(member); });
  const FormatInfo* const other = info_ == find_format("generic") ? recognised(shape) : nullptr;
  const std::string hint = other == nullptr ? ""
                                            : fmt::format("; the file looks like {}: evotts env import {}",
                                                          other->title, other->name);
  while (const auto record = stream.next()) {
    read_record(record->text, record->member, hint, [&] {
      return layout == JsonLayout::kLines
                 ? fmt::format("{}: line {}", window.name(), record->line)
                 : fmt::format("{}: line {}, record {}", window.name(), record->line, record->number + 1);
    });
    tell(window.read_so_far());
  }
}

// ---- a table

void SampleImport::read_table(TextWindow& window) {
  std::vector<std::string> names;
  std::string text;
  const auto place = [&](std::size_t line) { return fmt::format("{}: line {}", window.name(), line); };
  const auto on_row = [&](CsvRow& row) {
    if (names.empty()) {
      for (const std::string& name : row.fields) names.emplace_back(trimmed(name));
      if (names.size() < 2)
        refuse(place(row.line),
               "neither JSON nor a table: names of columns with commas between are expected");
      return;
    }
    if (row.fields.size() != names.size()) {
      ++counts_.records;
      return bad(fmt::format("{}: must have {} fields, as the line of names has, found {}", place(row.line),
                             names.size(), row.fields.size()));
    }
    csv_record(names, row.fields, text);
    read_record(text, "", "", [&] { return place(row.line); });
  };
  auto rows = std::make_unique<CsvRows>(on_row);
  const auto add = [&](std::string_view line, bool last) {
    try {
      rows->add(line);
      if (last) rows->finish();
      if (rows->row_bytes() > TextWindow::kMost)
        refuse(place(window.line()), fmt::format("a row has more than {} MiB", TextWindow::kMost >> 20U));
    } catch (const CsvError& error) {
      ++counts_.records;
      bad(fmt::format("{}: {}", place(error.line), error.what()));
      rows = std::make_unique<CsvRows>(on_row, window.line() + 1);
    }
  };
  for (std::size_t from = 0;;) {
    const std::string_view view = window.view();
    const std::size_t end = view.find('\n', from);
    from = view.size();
    if (end == view.npos && window.grow()) continue;
    add(view.substr(0, end == view.npos ? view.size() : end + 1), end == view.npos);
    if (end == view.npos) return;
    window.consume(end + 1);
    from = 0;
    tell(window.read_so_far());
  }
}

// ---- a ZIP

void SampleImport::read_zip(const fs::path& file) {
  const std::string name = visible(file.string());
  if (wishes_.format == "auto" && info_ == nullptr) {
    set_format(*find_format("inspect"));
    why_ = "it is a ZIP, as logs of inspect_ai are";
  }
  if (info_ != find_format("inspect")) refuse(name, "is a ZIP; of those, only logs of inspect_ai are read");
  ArchiveReader zip(file, ArchiveReader::Kind::kZip);
  format_->begin_file(file.filename().string());
  std::string text;
  while (const auto entry = zip.next()) {
    const bool sample = entry->starts_with("samples/") && entry->ends_with(".json");
    if (!sample && *entry != "header.json" && *entry != "_journal/start.json") continue;
    text.clear();
    const auto place = [&] { return fmt::format("{}: entry \"{}\"", name, visible(*entry, 80)); };
    for (std::size_t count = 1; count > 0;) {
      const std::size_t before = text.size();
      text.resize(before + (std::size_t{1} << 18U));
      count = zip.read(text.data() + before, text.size() - before);
      text.resize(before + count);
      if (text.size() > TextWindow::kMost)
        refuse(place(), fmt::format("has more than {} MiB", TextWindow::kMost >> 20U));
    }
    text.reserve(text.size() + TextWindow::kPadding);
    try {
      read_record(text, sample ? "samples" : "header", "", place);
    } catch (const WrongFile& wrong) {
      refuse(name, wrong.what());
    }
    tell(zip.position());
  }
}

// ---- a record

void SampleImport::read_record(std::string_view text, std::string_view member, const std::string& hint,
                               const std::function<std::string()>& place) {
  ++counts_.records;
  try {
    samples_.clear();
    format_->read(parser_.parse(text), member, samples_);
    take_samples();
  } catch (const BadRecord& wrong) {
    bad(fmt::format("{}: {}{}", place(), wrong.what(), hint));
  }
}

void SampleImport::take_samples() {
  pool_.add(samples_.all());
  counts_.failed += samples_.failed();
  samples_.clear();
}

void SampleImport::bad(const std::string& message) {
  if (!wishes_.skip_bad) throw InputError(message);
  ++counts_.bad;
  if (counts_.first_bad.size() < kShownBad) counts_.first_bad.push_back(message);
}

void SampleImport::tell(std::uint64_t position) const {
  if (wishes_.progress)
    wishes_.progress(std::min(done_ + position, total_), std::max<std::uint64_t>(total_, 1));
}

}  // namespace live
