// output_file.hpp: a file being written, whose every failure is told.
// Why:      a full disk shows at any write, and at the close as well.
// Use:      OutputFile file(path);  file.write(head);  file.write(body);  file.close();
// Promises: the file is made anew, or emptied. A write takes all the bytes or throws. What is not closed by
//           close() is no whole file.
// Throws:   StorageError that names the file and the system's reason.
// Threads:  one thread an object.
// Tests:    tests/durability/commit_faults_test.cpp
#pragma once

#include <filesystem>
#include <string_view>

namespace evo {

// Throws StorageError "cannot <operation> <path>: <what errno says>".
[[noreturn]] void fail_at(const char* operation, const std::filesystem::path& path);

class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view bytes);
  void close();

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace evo
