#include "live/files/csv_rows.hpp"

#include <csv.h>
#include <exception>
#include <fmt/format.h>
#include <new>

namespace live {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16U;  // by which the buffer of a field grows
// A quote inside a plain field and an open one at the end are errors.
constexpr unsigned char kOptions = CSV_STRICT | CSV_STRICT_FINI;

int is_no_blank(unsigned char) { return 0; }  // blanks around a field belong to it

// One line of text with its end: LF, CRLF or CR.
std::size_t line_length(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == text.npos) return text.size();
  return end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
}

// libcsv fed line by line, so that its rows have places.
class Reader {
 public:
  explicit Reader(const std::function<void(CsvRow&)>& each) : each_(each) {
    if (csv_init(&parser_, kOptions) != 0) throw std::bad_alloc();
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
    }
    if (csv_fini(&parser_, on_field, on_row, this) != 0) fail("a quoted field does not end");
    rethrow();
  }

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

  const std::function<void(CsvRow&)>& each_;
  csv_parser parser_{};
  CsvRow row_;
  std::size_t line_ = 1;
  bool open_ = false;  // within a row
  std::exception_ptr failure_;
};

}  // namespace

void read_csv(std::string_view bytes, const std::function<void(CsvRow&)>& each) { Reader(each).read(bytes); }

}  // namespace live
