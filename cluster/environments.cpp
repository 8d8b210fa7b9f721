#include "cluster/environments.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "cluster/patience.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "replay/environment/reweighting.hpp"
#include "replay/sources/source.hpp"

namespace cluster {
namespace {

constexpr std::size_t kPieceBytes = 4U << 20U;
constexpr std::size_t kMostUnderWay = 64U << 20U;
constexpr std::string_view kSynthetic = "synthetic:";

std::string whole_path(const std::string& spec) {
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::absolute(spec, failed);
  return failed ? spec : path.string();
}

// Nothing where it is not here, or is another one.
std::optional<replay::Environment> here(const Source& source) {
  if (source.spec.starts_with(kSynthetic))
    return std::move(replay::open_environments(std::vector{source.spec}).front());
  std::string bytes;
  try {
    bytes = replay::file_bytes(source.path);
  } catch (const replay::InputError&) {
    return std::nullopt;
  }
  if (replay::environment_digest(bytes) != source.digest) return std::nullopt;
  return replay::parse_environment(std::move(bytes), source.spec, source.spec);
}

// Those that are asked for, by their place in the setting.
std::map<std::uint32_t, std::string> received(Transport& transport, const Missing& missing) {
  std::map<std::uint32_t, std::string> files;
  transport.send(0, Tag::kMissing, to_bytes(missing));
  Patience patience;
  for (std::size_t left = missing.recorded.size(); left > 0;) {
    const auto message = transport.receive();
    if (!message) {
      patience.wait();
      continue;
    }
    patience.forget();
    if (message->tag == Tag::kEnd) throw WorkIsOver();
    if (message->tag != Tag::kFile) throw TransportError("a piece of a file was expected");
    auto piece = from_bytes<FilePiece>(message->bytes);
    std::string& file = files[piece.recorded];
    file += piece.bytes;
    if (file.size() > replay::kMaxFileBytes) throw TransportError("a file of rank 0 is too large");
    if (piece.last) --left;
  }
  return files;
}

void expect_digest(const std::string& found, const std::string& expected, const std::string& name) {
  if (found == expected) return;
  throw replay::InputError(
      fmt::format("{}: is another environment here than on rank 0", genome::base::visible(name)));
}

}  // namespace

Setting setting_of(const replay::Evaluator& evaluator, std::span<const double> reweightings) {
  Setting setting{.reweightings = {reweightings.begin(), reweightings.end()}, .options = evaluator.options()};
  for (std::size_t i = 0; i < evaluator.environments().size(); ++i) {
    const replay::Environment& each = evaluator.environments()[i];
    if (i % (reweightings.size() + 1) == 0)
      setting.recorded.push_back({each.source, whole_path(each.source), each.digest});
    setting.digests.push_back(each.digest);
  }
  return setting;
}

void send_file(Transport& transport, int to, const Setting& setting, std::uint32_t recorded) {
  if (recorded >= setting.recorded.size()) throw TransportError("a file was asked for that there is not");
  const Source& source = setting.recorded[recorded];
  const std::string bytes = replay::file_bytes(source.path);
  if (replay::environment_digest(bytes) != source.digest)
    throw replay::InputError(
        fmt::format("{}: was changed since it was opened", genome::base::visible(source.spec)));
  for (std::size_t at = 0; at == 0 || at < bytes.size(); at += kPieceBytes) {
    for (Patience patience; transport.bytes_under_way() > kMostUnderWay;) patience.wait();
    transport.send(
        to, Tag::kFile,
        to_bytes(FilePiece{recorded, at + kPieceBytes >= bytes.size(), bytes.substr(at, kPieceBytes)}));
  }
}

std::vector<replay::Environment> opened(const Setting& setting, Transport& transport) {
  std::vector<std::optional<replay::Environment>> recorded;
  Missing missing;
  for (std::uint32_t i = 0; i < setting.recorded.size(); ++i) {
    recorded.push_back(here(setting.recorded[i]));
    if (!recorded.back()) missing.recorded.push_back(i);
  }
  if (!missing.recorded.empty()) {
    for (auto& [place, bytes] : received(transport, missing)) {
      const Source& source = setting.recorded.at(place);
      expect_digest(replay::environment_digest(bytes), source.digest, source.spec);
      recorded[place] = replay::parse_environment(std::move(bytes), source.spec, source.spec);
    }
  }
  std::vector<replay::Environment> all;
  for (auto& each : recorded) {
    const std::size_t original = all.size();
    all.push_back(std::move(each.value()));
    for (const double odds : setting.reweightings) all.push_back(replay::reweighted(all[original], odds));
  }
  if (all.size() != setting.digests.size())
    throw TransportError("the setting's digests are of another number");
  for (std::size_t i = 0; i < all.size(); ++i) expect_digest(all[i].digest, setting.digests[i], all[i].name);
  return all;
}

}  // namespace cluster
