#include "live/files/compressed_lines.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "genome/base/check.hpp"
#include "genome/base/descriptor.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::visible;
using replay::InputError;

constexpr int kLevel = 3;

void free_context(ZSTD_CCtx* context) { ZSTD_freeCCtx(context); }

// Bytes of a regular file, chunk by chunk.
class Chunks {
 public:
  explicit Chunks(const std::filesystem::path& path)
      : name_(visible(path.string())),
        file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)),
        chunk_(ZSTD_DStreamInSize(), '\0') {
    struct stat there {};
    if (!file_.open() || ::fstat(file_.number(), &there) != 0)
      throw InputError(fmt::format("{}: cannot be opened: {}", name_, std::strerror(errno)));
    if (!S_ISREG(there.st_mode)) throw InputError(fmt::format("{}: is no regular file", name_));
  }

  const std::string& name() const { return name_; }

  // Empty at the end of the file.
  std::string_view next() {
    for (;;) {
      const ssize_t count = ::read(file_.number(), chunk_.data(), chunk_.size());
      if (count >= 0) return std::string_view(chunk_).substr(0, static_cast<std::size_t>(count));
      if (errno != EINTR)
        throw InputError(fmt::format("{}: cannot be read: {}", name_, std::strerror(errno)));
    }
  }

 private:
  std::string name_;
  genome::base::Descriptor file_;
  std::string chunk_;
};

// Puts lines together from the pieces they come in.
class Lines {
 public:
  Lines(const std::string& name, const LineLimits& limits,
        const std::function<void(std::size_t, std::string_view)>& each)
      : name_(name), limits_(limits), each_(each) {}

  void add(std::string_view piece) {
    whole_ += piece.size();
    if (whole_ > limits_.whole)
      throw InputError(fmt::format("{}: holds more than {} bytes when decompressed", name_, limits_.whole));
    for (std::size_t end = piece.find('\n'); end != piece.npos; end = piece.find('\n')) {
      append(piece.substr(0, end));
      each_(number_++, line_);
      line_.clear();
      piece.remove_prefix(end + 1);
    }
    append(piece);
  }

  void finish() const {
    if (!line_.empty())
      throw InputError(fmt::format("{}: line {} has no end: the file was cut", name_, number_));
  }

 private:
  void append(std::string_view part) {
    if (line_.size() + part.size() > limits_.line)
      throw InputError(fmt::format("{}: line {} has more than {} bytes", name_, number_, limits_.line));
    line_ += part;
  }

  const std::string& name_;
  const LineLimits& limits_;
  const std::function<void(std::size_t, std::string_view)>& each_;
  std::string line_;
  std::size_t number_ = 1;
  std::uint64_t whole_ = 0;
};

}  // namespace

CompressedLines::CompressedLines(const std::filesystem::path& path)
    : file_(path), context_(ZSTD_createCCtx(), free_context), out_(ZSTD_CStreamOutSize(), '\0') {
  if (context_ == nullptr) throw std::bad_alloc();
  EVOTTS_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kLevel)));
  EVOTTS_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1)));
}

CompressedLines::~CompressedLines() = default;

void CompressedLines::write(std::string_view line) {
  compress(line, false);
  compress("\n", false);
}

void CompressedLines::finish() {
  compress({}, true);
  file_.finish();
}

void CompressedLines::compress(std::string_view bytes, bool last) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  for (;;) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const std::size_t left =
        ZSTD_compressStream2(context_.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left)) throw std::bad_alloc();  // it has no other reason
    if (out.pos > 0) file_.write(std::string_view(out_).substr(0, out.pos));
    if (last ? left == 0 : in.pos == in.size) return;
  }
}

void read_compressed_lines(const std::filesystem::path& path, const LineLimits& limits,
                           const std::function<void(std::size_t, std::string_view)>& each) {
  Chunks chunks(path);
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (context == nullptr) throw std::bad_alloc();
  std::string decompressed(ZSTD_DStreamOutSize(), '\0');
  Lines lines(chunks.name(), limits, each);
  bool any = false;
  std::size_t wanted = 0;  // 0: between frames
  for (std::string_view chunk = chunks.next(); !chunk.empty(); chunk = chunks.next()) {
    any = true;
    ZSTD_inBuffer in{chunk.data(), chunk.size(), 0};
    bool more = true;  // to be given out, though all was taken in
    while (in.pos < in.size || more) {
      ZSTD_outBuffer out{decompressed.data(), decompressed.size(), 0};
      wanted = ZSTD_decompressStream(context.get(), &out, &in);
      if (ZSTD_isError(wanted))
        throw InputError(
            fmt::format("{}: is no whole file of Zstandard: {}", chunks.name(), ZSTD_getErrorName(wanted)));
      lines.add(std::string_view(decompressed).substr(0, out.pos));
      more = out.pos == out.size && wanted != 0;
    }
  }
  if (!any) throw InputError(fmt::format("{}: is empty", chunks.name()));
  if (wanted != 0) throw InputError(fmt::format("{}: is cut off within its compressed data", chunks.name()));
  lines.finish();
}

}  // namespace live
