// texts_file.hpp: what the model said in each branch, kept beside the environment: x.texts.jsonl.zst.
// Why:      an answer may have to be read otherwise than it was, and generating the text again costs days.
// Use:      TextsWriter writer(texts_path("x/y.json"));
//           writer.add({.question = 0, .branch = 7, .text = text, .looks = looks, .reason = "stop"});
//           writer.finish();
//           read_texts(texts_path("x/y.json"), [&](BranchText each) { ... });   // in the order they were
//           added
// Promises: a line of JSON each, compressed, below a line that tells the version. The same texts give the
//           same bytes. What finish() has not ended is not there, and the old file is. JSON is UTF-8, so
//           what is none in a text is replaced by U+FFFD when it is added; all else comes back byte for byte.
//           A reader holds one branch; fields it does not know are passed over.
// Throws:   replay::InputError, in one line that names the file and the line: no file of texts, a newer
//           version, damaged or cut off, beyond the limits of compressed_lines.hpp, a field missing or of
//           another type, a branch that occurs twice. The writer throws StorageError, and InputError for
//           texts of a branch that no reader would take.
// Threads:  one thread a file.
// Tests:    tests/live/reading/texts_file_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "live/files/compressed_lines.hpp"

namespace live {

struct BranchText {
  std::size_t question = 0, branch = 0;
  std::string text;
  std::vector<std::string> looks;  // the model's words at each interval
  std::string reason;              // the server's word for the end
  friend bool operator==(const BranchText&, const BranchText&) = default;
};

class TextsWriter {
 public:
  explicit TextsWriter(const std::filesystem::path& file);
  void add(const BranchText& text);
  void finish();  // once, at the end

 private:
  CompressedLines lines_;
};

void read_texts(const std::filesystem::path& file, const std::function<void(BranchText)>& each);

// "x/y.json" -> "x/y.texts.jsonl.zst"
std::filesystem::path texts_path(const std::filesystem::path& environment);

}  // namespace live
