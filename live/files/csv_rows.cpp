#include "live/files/csv_rows.hpp"

#include <algorithm>
#include <array>
#include <csv.h>
#include <exception>
#include <fmt/format.h>
#include <new>
#include <utility>

namespace live {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16U;     // by which the buffer of a field grows
constexpr std::size_t kLookedAt = std::size_t{1} << 16U;  // bytes of a first line
// A quote inside a plain field and an open one at the end are errors.
constexpr unsigned char kOptions = CSV_STRICT | CSV_STRICT_FINI;

int is_no_blank(unsigned char) { return 0; }  // blanks around a field belong to it

// One line of text with its end: LF, CRLF or CR.
std::size_t line_length(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == text.npos) return text.size();
  return end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
}

}  // namespace

// libcsv fed line by line, so that its rows have places.
class CsvRows::Reader {
 public:
  Reader(std::function<void(CsvRow&)> each, char delimiter, std::size_t first_line)
      : each_(std::move(each)), line_(first_line) {
    if (csv_init(&parser_, kOptions) != 0) throw std::bad_alloc();
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
    csv_set_blk_size(&parser_, kBlock);
    csv_set_space_func(&parser_, is_no_blank);
  }
  ~Reader() { csv_free(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void read(std::string_view text) {
    for (; !text.empty(); ++line_) {
      const std::string_view line = text.substr(0, line_length(text));
      text.remove_prefix(line.size());
      if (!open_) row_.line = line_;
      open_ = open_ || line.find_first_not_of("\r\n") != line.npos;
      if (csv_parse(&parser_, line.data(), line.size(), on_field, on_row, this) != line.size())
        fail("a quotation mark stands inside a field; a field with one is quoted, and the mark doubled");
      rethrow();
      row_bytes_ = open_ ? row_bytes_ + line.size() : 0;
    }
  }

  void finish() {
    if (csv_fini(&parser_, on_field, on_row, this) != 0) fail("a quoted field does not end");
    rethrow();
  }

  std::size_t row_bytes() const { return row_bytes_; }

 private:
  static void on_field(void* field, std::size_t size, void* self) {
    static_cast<Reader*>(self)->guarded([&](Reader& reader) {
      if (reader.row_.fields.size() == kMostCsvFields)
        throw CsvError(reader.row_.line, fmt::format("more than {} fields", kMostCsvFields));
      reader.row_.fields.emplace_back(size == 0 ? "" : static_cast<const char*>(field), size);
    });
  }
  static void on_row(int, void* self) {
    static_cast<Reader*>(self)->guarded([](Reader& reader) {
      reader.each_(reader.row_);
      reader.row_.fields.clear();
      reader.open_ = false;
    });
  }

  // No exception may pass through libcsv, which is C.
  template <class Work>
  void guarded(Work work) {
    if (failure_) return;
    try {
      work(*this);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }
  [[noreturn]] void fail(const char* reason) {
    rethrow();
    if (csv_error(&parser_) != CSV_EPARSE) throw std::bad_alloc();
    throw CsvError(row_.line, reason);
  }

  const std::function<void(CsvRow&)> each_;
  std::size_t line_;
  csv_parser parser_{};
  CsvRow row_;
  bool open_ = false;  // within a row
  std::size_t row_bytes_ = 0;
  std::exception_ptr failure_;
};

CsvRows::CsvRows(std::function<void(CsvRow&)> each, char delimiter, std::size_t first_line)
    : reader_(std::make_unique<Reader>(std::move(each), delimiter, first_line)) {}
CsvRows::~CsvRows() = default;
void CsvRows::add(std::string_view lines) { reader_->read(lines); }
void CsvRows::finish() { reader_->finish(); }
std::size_t CsvRows::row_bytes() const { return reader_->row_bytes(); }

void read_csv(std::string_view bytes, const std::function<void(CsvRow&)>& each) {
  CsvRows rows(each, csv_delimiter(bytes));
  rows.add(bytes);
  rows.finish();
}

char csv_delimiter(std::string_view text) {
  constexpr std::string_view kDelimiters = ",;\t|";
  std::array<std::size_t, kDelimiters.size()> times{};
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  bool quoted = false;
  for (const char c : text.substr(0, kLookedAt)) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    if (const std::size_t at = kDelimiters.find(c); !quoted && at != kDelimiters.npos) ++times[at];
  }
  return kDelimiters[static_cast<std::size_t>(std::ranges::max_element(times) - times.begin())];
}

}  // namespace live
