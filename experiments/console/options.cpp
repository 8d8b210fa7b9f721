#include "experiments/console/options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <tbb/global_control.h>

#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "genome/tree/diagnostic.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr Range<std::int64_t> kThreads{1, 1024};
constexpr std::string_view kOptionMark = "--", kControllerEnding = ".ctl";
constexpr std::size_t kShown = 60;  // bytes of a bad value in a message

// Whether all of the text is one number of this type.
template <typename T>
bool read_number(std::string_view text, T& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  return problem == std::errc{} && stop == end;
}

}  // namespace

std::int64_t whole_number(std::string_view option, std::string_view text, Range<std::int64_t> allowed) {
  std::int64_t value = 0;
  if (!read_number(text, value) || value < allowed.low || value > allowed.high) {
    throw UsageError(fmt::format("{} must be a whole number from {} to {}, found \"{}\"", option, allowed.low,
                                 allowed.high, visible(text, kShown)));
  }
  return value;
}

double real_number(std::string_view option, std::string_view text, Range<double> allowed) {
  double value = 0;
  // A NaN fails both comparisons.
  if (!read_number(text, value) || !(value >= allowed.low && value <= allowed.high))
    throw UsageError(fmt::format("{} must be a number from {} to {}, found \"{}\"", option, allowed.low,
                                 allowed.high, visible(text, kShown)));
  return value == 0 ? 0 : value;  // -0 is 0
}

std::vector<double> beta_list(std::string_view option, std::string_view text) {
  std::vector<double> betas;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    double beta = 0;
    // A NaN fails both comparisons.
    if (!read_number(item, beta) || !(beta >= 0 && beta <= 1)) {
      throw UsageError(
          fmt::format("{} must be numbers from 0 to 1 with commas between, as in 0,0.5,1; found \"{}\"",
                      option, visible(item, kShown)));
    }
    betas.push_back(std::abs(beta));  // -0 is 0
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return betas;
}

void add_format_option(CLI::App& command, std::string& text) {
  command.add_option("--format", text, "How to print: table (for reading), csv or json (for programs)")
      ->type_name("table|csv|json")
      ->capture_default_str();
}

Format format_of(std::string_view text) {
  if (text == "table") return Format::kTable;
  if (text == "csv") return Format::kCsv;
  if (text == "json") return Format::kJson;
  throw UsageError(fmt::format("--format must be table, csv or json, found \"{}\"", visible(text, kShown)));
}

void add_page_format_option(CLI::App& command, std::string& text) {
  command
      .add_option(
          "--format", text,
          "How to print: table (for reading), csv or json (for programs), or markdown (a page of docs/)")
      ->type_name("table|csv|json|markdown")
      ->capture_default_str();
}

std::optional<Format> page_format_of(std::string_view text) {
  if (text == "markdown") return std::nullopt;
  if (text == "table" || text == "csv" || text == "json") return format_of(text);
  throw UsageError(
      fmt::format("--format must be table, csv, json or markdown, found \"{}\"", visible(text, kShown)));
}

void add_threads_option(CLI::App& command, std::optional<std::string>& text) {
  command.add_option("--threads", text, "How many threads evaluate, 1 to 1024; the results are the same")
      ->type_name("N")
      ->default_str("all cores");
}

struct ThreadLimit::Control {
  tbb::global_control limit;
};

ThreadLimit::ThreadLimit(const std::optional<std::string>& text) {
  if (!text) return;
  const auto threads = static_cast<std::size_t>(whole_number("--threads", *text, kThreads));
  control_.reset(new Control{{tbb::global_control::max_allowed_parallelism, threads}});
}

ThreadLimit::~ThreadLimit() = default;

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  std::string_view begin, end;
  if (word.starts_with(kOptionMark)) begin = kOptionMark;
  if (word.ends_with(kControllerEnding)) end = kControllerEnding;
  const auto core = [&](std::string_view whole) {
    return std::string(whole.substr(begin.size(), whole.size() - begin.size() - end.size()));
  };
  std::vector<std::string> cores;
  for (const std::string& each : candidates) {
    const bool comparable =
        each.size() >= begin.size() + end.size() && each.starts_with(begin) && each.ends_with(end);
    if (comparable) cores.push_back(core(each));
  }
  const std::string near = word.size() < begin.size() + end.size() ? "" : genome::nearest(core(word), cores);
  return near.empty() ? "" : fmt::format("; did you mean \"{}{}{}\"?", begin, near, end);
}

}  // namespace experiments
