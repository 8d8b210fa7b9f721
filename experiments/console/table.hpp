// table.hpp: rows of figures, printed for people (table) or for programs (csv, json).
// Why:      every command that prints figures prints them in the same three ways.
// Use:      Table table({"controller", "beta", "accuracy"});
//           table.add_row({"cmc", Shortest{0.5}, Decimal{61.266, 2}});
//           print(table.text(Format::kCsv));
// Promises: each format shows the same digits: a Decimal is rounded before it is written, in JSON too.
//           Tables align numbers right and show control characters as escapes; CSV quotes as RFC 4180
//           says, with "\n" after each line; JSON is an array of objects, one a line, keys in the order
//           of the columns. What is missing is "-", nothing, or null.
// Threads:  a value.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace experiments {

enum class Format : std::uint8_t { kTable, kCsv, kJson };

struct Decimal {
  double value = 0;
  int digits = 2;  // behind the point
};

// A number in the fewest digits that read back to it.
struct Shortest {
  double value = 0;
};

struct Missing {};

using Cell = std::variant<std::string, std::int64_t, Decimal, Shortest, Missing>;

class Table {
 public:
  explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  // REQUIRES: as many cells as columns.
  void add_row(std::vector<Cell> row);

  std::string text(Format format) const;

 private:
  std::string plain() const;
  std::string csv() const;
  std::string json() const;

  std::vector<std::string> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace experiments
