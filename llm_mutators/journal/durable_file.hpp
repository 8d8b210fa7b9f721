// durable_file.hpp: small files that are whole or not there, whatever happens to the process or the machine.
// Why:      what is paid for is written down before it is used; half a note is worse than none.
// Use:      write_durably(folder / "x.json", text);   if (auto text = content_of(folder / "x.json")) ...
// Promises: when write_durably() returns, the text is on the disk; under the name there is never anything but
//           a whole text, the new one or the one before. Missing folders are made.
// Throws:   JournalError, naming path and operation.
// Threads:  any, on different files.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace llm_mutators {

struct JournalError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void write_durably(const std::filesystem::path& path, std::string_view text);

// Nothing when there is no such file.
std::optional<std::string> content_of(const std::filesystem::path& path);

}  // namespace llm_mutators
