#include "live/files/text_window.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "genome/base/check.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/parallel/interruption.hpp"

namespace live {
namespace {

using replay::InputError;

constexpr std::size_t kPiece = std::size_t{1} << 20U;  // what is read at once
constexpr std::size_t kFirstCapacity = 4 * kPiece;

std::unique_ptr<char[]> room(std::size_t bytes) {  // NOLINT(modernize-avoid-c-arrays)
  auto made = std::make_unique_for_overwrite<char[]>(bytes + TextWindow::kPadding);
  std::memset(made.get() + bytes, 0, TextWindow::kPadding);
  return made;
}

}  // namespace

TextWindow::TextWindow(ByteSource& source, std::string name)
    : source_(source), name_(std::move(name)), buffer_(room(kFirstCapacity)), capacity_(kFirstCapacity) {}

bool TextWindow::grow() {
  replay::take_breath();
  if (full())
    throw InputError(fmt::format("{}: line {}: a record begins here that has more than {} MiB", name_, line_,
                                 kMost >> 20U));
  make_room();
  const std::size_t count = source_.read(buffer_.get() + end_, std::min(kPiece, capacity_ - end_));
  end_ += count;
  if (first_) {
    while (end_ < 4) {  // a mark may come in parts
      const std::size_t more = source_.read(buffer_.get() + end_, kPiece);
      if (more == 0) break;
      end_ += more;
    }
    first_ = false;
    leave_out_mark();
    return end_ > begin_ || grow();
  }
  return count > 0;
}

void TextWindow::make_room() {
  if (capacity_ - end_ >= kPiece) return;
  const std::size_t held = end_ - begin_;
  if (begin_ >= held && held + kPiece <= capacity_) {  // no byte is moved more often than others are consumed
    std::memmove(buffer_.get(), buffer_.get() + begin_, held);
  } else {
    auto larger = room(2 * capacity_);
    std::memcpy(larger.get(), buffer_.get() + begin_, held);
    buffer_ = std::move(larger);
    capacity_ *= 2;
  }
  begin_ = 0;
  end_ = held;
}

void TextWindow::leave_out_mark() {
  const std::string_view text = view();
  if (text.starts_with("\xEF\xBB\xBF")) begin_ += 3;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
      (text.size() >= 4 && text.substr(0, 4) == std::string_view("\0\0\xFE\xFF", 4)))
    throw InputError(fmt::format("{}: is UTF-16 or UTF-32; text in UTF-8 is expected", name_));
}

void TextWindow::consume(std::size_t bytes) {
  EVOTTS_CHECK(bytes <= end_ - begin_);
  const char* at = buffer_.get() + begin_;
  const char* const last = at + bytes;
  while (at < last) {
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(last - at)));
    if (at == nullptr) break;
    ++line_;
    ++at;
  }
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

}  // namespace live
