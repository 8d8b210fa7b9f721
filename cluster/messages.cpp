#include "cluster/messages.hpp"

#include <cereal/archives/binary.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <exception>
#include <fmt/format.h>
#include <istream>
#include <sstream>
#include <streambuf>

namespace replay {

template <typename Archive>
void serialize(Archive& archive, EpisodeOptions& options) {
  archive(options.budget, options.probe_cost, options.foresight, options.one_by_one);
}

template <typename Archive>
void serialize(Archive& archive, EvaluatorOptions& options) {
  std::uint64_t orderings = options.orderings;
  archive(options.first_ordering, orderings, options.episode);
  options.orderings = orderings;
}

template <typename Archive>
void serialize(Archive& archive, EnvironmentPart& part) {
  archive(part.environment, part.questions);
}

}  // namespace replay

namespace cluster {
namespace {

// Seven bits a byte, the last without the eighth: sums of few episodes are small.
void put(std::string& bytes, std::int64_t sum) {
  auto left = static_cast<std::uint64_t>(sum);
  for (; left >= 0x80; left >>= 7U) bytes += static_cast<char>(0x80U | (left & 0x7FU));
  bytes += static_cast<char>(left);
}

std::int64_t take(std::string_view& bytes) {
  std::uint64_t sum = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (bytes.empty()) break;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    sum |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return static_cast<std::int64_t>(sum);
  }
  throw TransportError("sums of another rank end in the middle of a number");
}

std::string packed(const std::vector<replay::QuestionSums>& sums) {
  std::string bytes;
  for (const replay::QuestionSums& each : sums) {
    put(bytes, each.right);
    put(bytes, each.tokens);
    put(bytes, each.latency_tokens);
  }
  return bytes;
}

std::vector<replay::QuestionSums> unpacked(std::string_view bytes) {
  std::vector<replay::QuestionSums> sums;
  while (!bytes.empty()) {
    replay::QuestionSums each;
    each.right = take(bytes);
    each.tokens = take(bytes);
    each.latency_tokens = take(bytes);
    sums.push_back(each);
  }
  return sums;
}

// Reads bytes where they are.
class Bytes : public std::streambuf {
 public:
  explicit Bytes(std::string_view bytes) {
    char* const begin = const_cast<char*>(bytes.data());  // only read
    setg(begin, begin, begin + bytes.size());
  }
};

}  // namespace

template <typename Archive>
void serialize(Archive& archive, Hello& m) {
  archive(m.program, m.c_library, m.host, m.threads, m.cores);
}
template <typename Archive>
void serialize(Archive& archive, Source& m) {
  archive(m.spec, m.path, m.digest);
}
template <typename Archive>
void serialize(Archive& archive, Setting& m) {
  archive(m.recorded, m.reweightings, m.digests, m.options);
}
template <typename Archive>
void serialize(Archive& archive, Missing& m) {
  archive(m.recorded);
}
template <typename Archive>
void serialize(Archive& archive, FilePiece& m) {
  archive(m.recorded, m.last, m.bytes);
}
template <typename Archive>
void serialize(Archive& archive, Questions& m) {
  archive(m.id, m.set);
}
template <typename Archive>
void serialize(Archive& archive, UnitJob& m) {
  archive(m.beta, m.first, m.count);
}
template <typename Archive>
void serialize(Archive& archive, UnitController& m) {
  archive(m.text, m.jobs);
}
template <typename Archive>
void serialize(Archive& archive, Unit& m) {
  archive(m.number, m.questions, m.first, m.count, m.brought_by, m.controllers);
}
template <typename Archive>
void save(Archive& archive, const Sums& m) {
  archive(m.number, m.seconds, packed(m.sums));
}
template <typename Archive>
void load(Archive& archive, Sums& m) {
  std::string bytes;
  archive(m.number, m.seconds, bytes);
  m.sums = unpacked(bytes);
}

template <typename T>
std::string to_bytes(const T& message) {
  std::ostringstream stream;
  {
    cereal::BinaryOutputArchive archive(stream);
    archive(message);
  }
  return std::move(stream).str();
}

template <typename T>
T from_bytes(std::string_view bytes) {
  Bytes buffer(bytes);
  std::istream stream(&buffer);
  T message;
  try {
    cereal::BinaryInputArchive archive(stream);
    archive(message);
  } catch (const cereal::Exception& error) {
    throw TransportError(fmt::format("a message of another rank cannot be read: {}", error.what()));
  }
  if (stream.peek() != std::istream::traits_type::eof())
    throw TransportError("a message of another rank is longer than it should be");
  return message;
}

// All that there are.
template std::string to_bytes(const Hello&);
template std::string to_bytes(const Setting&);
template std::string to_bytes(const Missing&);
template std::string to_bytes(const FilePiece&);
template std::string to_bytes(const Questions&);
template std::string to_bytes(const Unit&);
template std::string to_bytes(const Sums&);
template Hello from_bytes(std::string_view);
template Setting from_bytes(std::string_view);
template Missing from_bytes(std::string_view);
template FilePiece from_bytes(std::string_view);
template Questions from_bytes(std::string_view);
template Unit from_bytes(std::string_view);
template Sums from_bytes(std::string_view);

}  // namespace cluster
