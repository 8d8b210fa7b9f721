#include "live/files/byte_source.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "genome/base/descriptor.hpp"
#include "genome/base/text.hpp"
#include "live/files/archive_reader.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::visible;
using replay::InputError;
using namespace std::string_view_literals;
namespace fs = std::filesystem;

// Of a file as it lies on the disk. A pipe or a device would never end, or let nobody open it.
class PlainBytes : public ByteSource {
 public:
  explicit PlainBytes(const fs::path& path)
      : name_(visible(path.string())),
        file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
    struct stat there {};
    if (!file_.open() && errno == ENOENT) throw InputError(fmt::format("{}: there is no such file", name_));
    if (!file_.open() || ::fstat(file_.number(), &there) != 0)
      throw InputError(fmt::format("{}: cannot be opened: {}", name_, std::strerror(errno)));
    if (!S_ISREG(there.st_mode)) throw InputError(fmt::format("{}: is no regular file", name_));
    ::posix_fadvise(file_.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  std::size_t read(char* to, std::size_t most) override {
    for (;;) {
      const ssize_t count = ::read(file_.number(), to, most);
      if (count >= 0) {
        position_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      if (errno != EINTR)
        throw InputError(fmt::format("{}: cannot be read: {}", name_, std::strerror(errno)));
    }
  }

  std::uint64_t position() const override { return position_; }

 private:
  std::string name_;
  genome::base::Descriptor file_;
  std::uint64_t position_ = 0;
};

class UnpackedBytes : public ByteSource {
 public:
  explicit UnpackedBytes(const fs::path& path)
      : name_(visible(path.string())), archive_(path, ArchiveReader::Kind::kCompressed) {
    (void)archive_.next();
  }

  std::size_t read(char* to, std::size_t most) override {
    const std::size_t count = archive_.read(to, most);
    whole_ += count;
    if (whole_ > kMostBytes)
      throw InputError(fmt::format("{}: gives more than {} bytes when decompressed", name_, kMostBytes));
    return count;
  }

  std::uint64_t position() const override { return archive_.position(); }

 private:
  std::string name_;
  ArchiveReader archive_;
  std::uint64_t whole_ = 0;
};

struct Magic {
  std::string_view bytes;
  Packing packing;
};
constexpr std::array kMagic{Magic{"\x1F\x8B"sv, Packing::kCompressed},
                            Magic{"\x28\xB5\x2F\xFD"sv, Packing::kCompressed},
                            Magic{"\xFD\x37zXZ\0"sv, Packing::kCompressed},
                            Magic{"BZh"sv, Packing::kCompressed},
                            Magic{"PK\x03\x04"sv, Packing::kZip},
                            Magic{"PK\x05\x06"sv, Packing::kZip},
                            Magic{"PAR1"sv, Packing::kParquet},
                            Magic{"\x80\x02"sv, Packing::kPickle},
                            Magic{"\x80\x03"sv, Packing::kPickle},
                            Magic{"\x80\x04"sv, Packing::kPickle},
                            Magic{"\x80\x05"sv, Packing::kPickle}};

}  // namespace

Packing packing_of(const fs::path& file) {
  std::array<char, 8> head{};
  PlainBytes bytes(file);
  const std::string_view begin(head.data(), bytes.read(head.data(), head.size()));
  for (const Magic& each : kMagic)
    if (begin.starts_with(each.bytes)) return each.packing;
  return Packing::kPlain;
}

std::unique_ptr<ByteSource> open_bytes(const fs::path& file) {
  if (packing_of(file) == Packing::kCompressed) return std::make_unique<UnpackedBytes>(file);
  return std::make_unique<PlainBytes>(file);
}

}  // namespace live
