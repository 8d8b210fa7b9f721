// controller.hpp: controllers: their text read and checked, and printed again.
// Why:      a controller decides when branches of reasoning are opened, advanced, pruned and counted. It is
//           written as text by people, models and evolution; only text without errors becomes a Controller.
// Use:      const evotts::CheckResult result = evotts::check_controller(text);
//           if (!result.controller) std::cerr << evotts::render(result.diagnostics, "mine.ctl", text);
//           for (const evotts::Diagnostic& each : result.diagnostics) mark(each.line, each.column);
//           const evotts::Controller cmc = evotts::known_controller("cmc");
//           std::cout << cmc.text();
// Promises: whatever the bytes, reading ends, in a time that grows with the length of the text alone.
//           Every problem is reported, in the order of the text; warnings do not prevent a result.
//           parse_controller(c.text()) == c. A controller always ends, and cannot do anything but what its
//           language has: no files, no clock, no memory beyond its registers.
// Threads:  values that any number of threads may use at once. One that was moved from may only be assigned
//           to or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <evotts/error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evotts {

namespace detail {
struct Access;
struct ControllerData;
}  // namespace detail

enum class Severity { kError, kWarning };

// One problem of a text.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;          // short and stable, e.g. "unknown-name"
  std::string message;       // what was expected and what was found
  std::string hint;          // what would be right; may be empty
  std::uint32_t line = 0;    // from 1; 0 when it is about no place
  std::uint32_t column = 0;  // from 1, in bytes
  std::uint32_t length = 0;  // in bytes
  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

class Controller {
 public:
  // The canonical text, which reads back as the same controller. It has no comments.
  std::string text() const;
  // The git blob id of the canonical text: 40 hexadecimal digits. Equal programs have equal ids.
  std::string id() const;
  // The name that the text gives itself, e.g. "cmc".
  std::string name() const;
  // Nodes of its tree: a measure of length that layout does not change.
  std::size_t size() const;

  friend bool operator==(const Controller& a, const Controller& b) { return a.id() == b.id(); }

 private:
  friend struct detail::Access;
  explicit Controller(std::shared_ptr<const detail::ControllerData> data) : data_(std::move(data)) {}
  std::shared_ptr<const detail::ControllerData> data_;
};

struct CheckResult {
  std::optional<Controller> controller;  // there when no diagnostic is an error
  std::vector<Diagnostic> diagnostics;   // errors and warnings, in the order of the text
};

// Reads a text of at most 64 KiB; a longer one is an error among the diagnostics. Never throws for the text.
CheckResult check_controller(std::string_view text);

// The same for a text that is expected to be right. Throws Error (kInput) with all diagnostics, rendered;
// `file` names the text in them.
Controller parse_controller(std::string_view text, std::string_view file = "controller");

// The diagnostics as a terminal shows them: place and message, the line with a marker below it, and the hint.
// `text` is what they are about, `file` its name.
std::string render(const std::vector<Diagnostic>& diagnostics, std::string_view file, std::string_view text);

// The controllers that ship with evotts, e.g. "asc", "cmc" and "sc"; sorted.
std::vector<std::string> known_controller_names();

// One of them. Throws Error (kInput) that lists their names when there is none of that name.
Controller known_controller(std::string_view name);

}  // namespace evotts
