#include "live/formats/sample_import.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "live/files/archive_reader.hpp"
#include "live/files/csv_rows.hpp"
#include "live/formats/import_files.hpp"
#include "live/formats/table_records.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::trimmed;
using genome::base::visible;
using replay::InputError;
namespace fs = std::filesystem;

constexpr std::size_t kMostFirst = std::size_t{8} << 20U;  // bytes of records that are held to be looked at
constexpr std::string_view kParquet =
    "is Parquet; make lines of JSON of it first: python3 -c \"import pandas; "
    "pandas.read_parquet('FILE').to_json("
    "'FILE.jsonl', orient='records', lines=True)\"";
constexpr std::string_view kPickle =
    "is a pickle of Python, which runs programs when it is read; write its objects as JSON instead";

[[noreturn]] void refuse(const std::string& name, std::string_view problem) {
  throw InputError(fmt::format("{}: {}", name, problem));
}

std::string looks_like(const JsonShape& shape) {
  const FormatInfo* const info = recognised(shape);
  return info == nullptr ? std::string()
                         : fmt::format("; it looks like {}: evotts env import {}", info->title, info->name);
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
  ImportFiles found = import_files(paths, info_);
  files_ = std::move(found.files);
  others_ = std::move(found.others);
  total_ = found.bytes;
  for (const fs::path& file : files_) {
    ++counts_.files;
    read_file(file);
    done_ += bytes_of(file);
  }
  try {
    if (format_ != nullptr) format_->finish(samples_);
    take_samples();
  } catch (const BadRecord& wrong) {
    bad(fmt::format("{}: {}", visible(paths.back().string()), wrong.what()));
  }
  if (counts_.records == counts_.bad && counts_.bad > 0) throw InputError(counts_.first_bad.front());
  pool_.expect_one_model(visible(paths.front().string()));
}

std::vector<std::string> SampleImport::remarks() const {
  std::vector<std::string> all = format_ == nullptr ? std::vector<std::string>() : format_->remarks();
  if (!others_.empty())
    all.push_back(fmt::format("{} file{} of folders left out, as {}: not what {} writes", others_.size(),
                              others_.size() == 1 ? "" : "s", visible(others_.front().string()),
                              info_->title));
  return all;
}

std::vector<std::string> SampleImport::unnamed_folders() const {
  return pool_.model().empty() ? folders_of(files_) : std::vector<std::string>();
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
  if (!shape.layout && window.view().find('\0') != std::string_view::npos)
    refuse(name, "is no text, but holds bytes of value 0; JSON, lines of JSON or a table is expected");
  choose(name, shape);
  begin(file);
  try {
    if (shape.layout)
      read_json(window, shape);
    else
      read_rows(window);
  } catch (const WrongFile& wrong) {
    refuse(name, wrong.what());
  } catch (const InputError& error) {  // around the records: what follows cannot be told apart
    if (!wishes_.skip_bad) throw;
    stop_looking("");
    ++counts_.records;
    bad(error.what());
  }
}

void SampleImport::begin(const fs::path& file) {
  format_->begin_file(file.filename().string());
  looking_ = format_->looks_ahead() > 0;
  if (!by_place_) by_place_ = models_by_place(files_, *format_) > 1;
  model_ = *by_place_ ? format_->model_by_place(file) : std::string();
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
  refuse(name, fmt::format("is not what {} writes{}; expected: {}{}", info_->title,
                           shape.layout ? "" : ", since it is no JSON", info_->expected, looks_like(shape)));
}

void SampleImport::read_json(TextWindow& window, const JsonShape& shape) {
  const bool container = format_->is_container(shape);
  const JsonLayout layout = container ? JsonLayout::kObject : *shape.layout;
  JsonStream stream(window, layout, [this](std::string_view member) { return format_->take(member); });
  const std::string hint = info_ == find_format("generic") ? looks_like(shape) : std::string();
  while (const auto record = stream.next()) {
    read_record(record->text, record->member, hint, [&] {
      return layout == JsonLayout::kLines
                 ? fmt::format("{}: line {}", window.name(), record->line)
                 : fmt::format("{}: line {}, record {}", window.name(), record->line, record->number + 1);
    });
    tell(window.read_so_far());
  }
  stop_looking(hint);
}

void SampleImport::read_rows(TextWindow& window) {
  const char delimiter = csv_delimiter(window.view());
  if (!why_.empty() && delimiter != ',')
    why_ += fmt::format("; between them stands {}", delimiter == '\t' ? "a tab" : std::string(1, delimiter));
  const auto place = [&](std::size_t line) { return fmt::format("{}: line {}", window.name(), line); };
  read_table(window, delimiter,
             {.record =
                  [&](std::string_view record, std::size_t line) {
                    read_record(record, "", "", [&] { return place(line); });
                    tell(window.read_so_far());
                  },
              .bad =
                  [&](const std::string& problem, std::size_t line) {
                    ++counts_.records;
                    bad(fmt::format("{}: {}", place(line), problem));
                  }});
  stop_looking("");
}

// ---- a ZIP

void SampleImport::read_zip(const fs::path& file) {
  const std::string name = visible(file.string());
  if (wishes_.format == "auto" && info_ == nullptr) {
    set_format(*find_format("inspect"));
    why_ = "it is a ZIP, as logs of inspect_ai are";
  }
  if (info_ != find_format("inspect")) refuse(name, "is a ZIP; of those, only logs of inspect_ai are read");
  begin(file);
  // Wherever the header stands, it is of all samples.
  const auto is_header = [](std::string_view entry) {
    return entry == "header.json" || entry == "_journal/start.json";
  };
  const auto is_sample = [](std::string_view entry) {
    return entry.starts_with("samples/") && entry.ends_with(".json");
  };
  const std::size_t headers = read_entries(file, is_header, "header");
  const std::size_t samples = read_entries(file, is_sample, "samples");
  if (headers + samples == 0)
    refuse(name, "is a ZIP, but no log of inspect_ai: header.json and samples/ are expected in it");
}

std::size_t SampleImport::read_entries(const fs::path& file,
                                       const std::function<bool(std::string_view)>& wanted,
                                       std::string_view member) {
  ArchiveReader zip(file, ArchiveReader::Kind::kZip);
  std::string text;
  std::size_t found = 0;
  while (const auto entry = zip.next()) {
    if (!wanted(*entry)) continue;
    ++found;
    zip.read_all(text, TextWindow::kMost);
    text.reserve(text.size() + TextWindow::kPadding);
    try {
      read_now(text, member, "",
               [&] { return fmt::format("{}: entry \"{}\"", visible(file.string()), visible(*entry, 80)); });
    } catch (const WrongFile& wrong) {
      refuse(visible(file.string()), wrong.what());
    }
    tell(zip.position());
  }
  return found;
}

// ---- a record

// Some formats look at the first records before any is read. Those are held so long.
void SampleImport::read_record(std::string_view text, std::string_view member, const std::string& hint,
                               const std::function<std::string()>& place) {
  if (!looking_) return read_now(text, member, hint, place);
  std::string padded;
  padded.reserve(text.size() + TextWindow::kPadding);
  padded = text;
  first_bytes_ += text.size();
  first_.push_back({std::move(padded), std::string(member), place()});
  if (first_.size() >= format_->looks_ahead() || first_bytes_ >= kMostFirst) stop_looking(hint);
}

void SampleImport::stop_looking(const std::string& hint) {
  if (!std::exchange(looking_, false)) return;
  for (const FirstRecord& each : first_) {
    try {
      format_->look(parser_.parse(each.text));
    } catch (const BadRecord&) {  // told when it is read
    }
  }
  for (const FirstRecord& each : std::exchange(first_, {}))
    read_now(each.text, each.member, hint, [&] { return each.place; });
  first_bytes_ = 0;
}

void SampleImport::read_now(std::string_view text, std::string_view member, const std::string& hint,
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
  if (!model_.empty())
    for (Sample& each : samples_.all())
      if (each.model.empty()) each.model = model_;
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
