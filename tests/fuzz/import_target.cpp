// Samples that other tools wrote, of any format.
#include <cstddef>
#include <cstdint>
#include <string>

#include "genome/base/error.hpp"
#include "live/formats/format.hpp"
#include "live/formats/sample_import.hpp"
#include "live/samples/pooled_environment.hpp"
#include "replay/environment/reader.hpp"
#include "tests/fuzz/scratch_folder.hpp"
#include "tests/fuzz/targets.hpp"

namespace fuzz {
namespace {

// The format of a number; beyond the last one, it is to be found out.
std::string format_of(std::size_t number) {
  return number < live::formats().size() ? std::string(live::formats()[number].name) : "auto";
}

void expect_line(std::string_view message) {
  require(!message.empty(), "a refusal without a reason");
  require(message.find('\n') == message.npos, "a message of several lines");
}

void import_file(const std::filesystem::path& file, const std::string& format, bool skip_bad) {
  const live::AnswerReader reader(live::AnswerWords{});
  live::SampleImport import(
      {.format = format, .of_format = {}, .pool = {}, .skip_bad = skip_bad, .progress = {}}, reader, nullptr);
  import.read({file});
  for (const std::string& remark : import.remarks()) expect_line(remark);
  const live::PooledEnvironment made =
      live::pooled_environment(import.pool(), {.fewest = 1, .interval = {}, .format = format}, nullptr);
  std::size_t branches = 0;
  for (const replay::Question& question : made.environment.questions) branches += question.branches.size();
  require(branches == made.report.samples, "samples are lost or made up");
  const std::string once = replay::to_json(made.environment);
  require(replay::to_json(replay::parse_environment(once, "fuzz", "fuzz.json")) == once,
          "what was imported reads back as another");
}

}  // namespace

void sample_import(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  static const ScratchFolder folder;
  const std::filesystem::path file = folder.put("samples", bytes.substr(1));
  for (const bool skip_bad : {false, true}) {
    try {
      import_file(file, format_of(first % (live::formats().size() + 1)), skip_bad);
    } catch (const genome::base::Error& refused) {
      for (const std::string& message : refused.messages()) expect_line(message);
      require(!refused.messages().empty(), "a refusal without a reason");
    }
  }
}

}  // namespace fuzz
