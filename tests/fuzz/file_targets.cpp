// Experiment files, environments, checkpoints, packs.
#include <algorithm>
#include <boost/interprocess/exceptions.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evo/objects/indexed_pack.hpp"
#include "evo/objects/multi_pack_index.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "experiments/config/experiment_file.hpp"
#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "replay/environment/reader.hpp"
#include "tests/fuzz/scratch_folder.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/places.hpp"

namespace fuzz {
namespace {

// The controllers of the golden checkpoints, by id.
std::map<std::string, std::string> golden_controllers() {
  std::map<std::string, std::string> texts;
  const std::filesystem::path golden = std::filesystem::path(tests::kSourceDir) / "tests/golden";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(golden))
    if (entry.path().extension() == ".ctl")
      texts.emplace(entry.path().stem(), genome::base::content_of(entry.path()).value_or(""));
  return texts;
}

}  // namespace

void experiment_file(std::string_view bytes) {
  const auto no_variables = [](const std::string&) { return std::optional<std::string>(); };
  std::string once;
  try {
    once = experiments::to_toml(experiments::parse_experiment(bytes, "fuzz.toml", {}, no_variables));
  } catch (const genome::base::Error& refused) {
    return require(!refused.messages().empty(), "a refusal without a reason");
  }
  const auto again = experiments::parse_experiment(once, "fuzz.toml", {}, no_variables);
  require(experiments::to_toml(again) == once, "an experiment reads back as another");
}

void environment(std::string_view bytes) {
  std::string once;
  try {
    once = replay::to_json(replay::parse_environment(std::string(bytes), "fuzz", "fuzz.json"));
  } catch (const genome::base::Error& refused) {
    return require(!refused.messages().empty(), "a refusal without a reason");
  }
  require(replay::to_json(replay::parse_environment(once, "fuzz", "fuzz.json")) == once,
          "an environment reads back as another");
}

void checkpoint(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::uint32_t version = 1 + static_cast<std::uint8_t>(bytes[0]) % evo::kCheckpointVersion;
  static const std::map<std::string, std::string> texts = golden_controllers();
  const auto text_of = [](const std::string& id) {
    const auto found = texts.find(id);
    return found == texts.end() ? std::optional<std::string>() : std::optional(found->second);
  };
  std::string once;
  try {
    once = evo::save_checkpoint(evo::load_checkpoint(evo::frame(bytes.substr(1), version), text_of, "fuzz"));
  } catch (const genome::base::Error& refused) {
    return require(!refused.messages().empty(), "a refusal without a reason");
  }
  require(evo::save_checkpoint(evo::load_checkpoint(once, text_of, "fuzz")) == once,
          "a checkpoint reads back as another");
}

void pack(std::string_view bytes) {
  if (bytes.size() < 3) return;
  const auto byte = [&](std::size_t at) { return std::size_t{static_cast<std::uint8_t>(bytes[at])}; };
  const std::size_t index_bytes = std::min(byte(0) << 16U | byte(1) << 8U | byte(2), bytes.size() - 3);
  static const ScratchFolder folder;
  folder.put("pack-fuzz.pack", bytes.substr(3 + index_bytes));
  const auto index_file = folder.put("pack-fuzz.idx", bytes.substr(3, index_bytes));
  evo::indices_named_in(bytes);
  try {
    const evo::IndexedPack read(index_file);
    std::vector<evo::PackedPlace> places;
    for (std::size_t i = 0; i < read.objects(); ++i) places.push_back(read.place(i, 0));
    std::ranges::sort(places, {}, &evo::PackedPlace::offset);
    read.check_objects(places);
    const std::uint64_t end = evo::kPackHead + read.body().size();
    for (std::size_t i = 0; i < places.size(); ++i)
      read.object(places[i].offset, i + 1 < places.size() ? places[i + 1].offset : end);
  } catch (const boost::interprocess::interprocess_exception&) {
    // one of the files is empty
  } catch (const genome::base::Error& refused) {
    require(!refused.messages().empty(), "a refusal without a reason");
  }
}

}  // namespace fuzz
