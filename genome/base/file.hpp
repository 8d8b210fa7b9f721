// file.hpp: writing files so that a failure is noticed and nobody ever sees half of one.
// Why:      a full disk shows at any write, at the sync or at the close; what was there before must survive.
// Use:      write_durably(folder / "record.json", text);   if (auto text = content_of(path)) ...
//           OutputFile pack(path);  pack.write(head);  pack.write(body);  pack.close();
//           DurableFile texts(path);  texts.write(first);  texts.write(second);  texts.finish();
// Promises: when write_durably() or DurableFile::finish() returns, the bytes are on the disk, folder entry
//           included. Under the name stands the old content or the new one, whatever happens to the process
//           or the machine. A file that is replaced keeps its permissions, and a symbolic link still points
//           at it. A device, a pipe and what the standard streams go to are never replaced: write_durably()
//           writes into them, and a DurableFile is refused.
// Throws:   StorageError that names operation, file and the system's reason.
// Threads:  any, on different files; an OutputFile or a DurableFile belongs to one thread.
// Tests:    tests/genome/base/file_test.cpp, tests/durability/commit_faults_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "genome/base/descriptor.hpp"

namespace genome::base {

// Throws StorageError "cannot <operation> <path>: <what errno says>".
[[noreturn]] void fail_at(std::string_view operation, const std::filesystem::path& path);

// A file made anew or emptied; a link or a pipe in its place is refused. What is not closed by close() may be
// incomplete.
class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path path);

  void write(std::string_view bytes);  // all of them
  void sync();
  void close();
  int number() const { return file_.number(); }

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

// A file written beside the one it is to replace, piece by piece. finish() puts it into its place; without
// that nothing is left of it.
class DurableFile {
 public:
  explicit DurableFile(const std::filesystem::path& path);
  ~DurableFile();
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;

  void write(std::string_view bytes);  // all of them
  void finish();                       // once, at the end

 private:
  std::filesystem::path target_, beside_;  // beside_: empty once it is in its place
  Descriptor file_;
};

// Until what a file or a folder holds is on the disk.
void sync_path(const std::filesystem::path& path);

// Whether writing to it replaces nothing: a device, a pipe, or what standard output or error goes to.
bool is_stream(const std::filesystem::path& path);

void write_durably(const std::filesystem::path& path, std::string_view bytes);

// The same, making missing folders above it.
void write_durably_with_folders(const std::filesystem::path& path, std::string_view bytes);

// Nothing when there is no such file, it cannot be opened, or it is not a regular file of at most 1 GiB: what
// lies in a folder of somebody else's may be a pipe or a device, which never ends.
std::optional<std::string> content_of(const std::filesystem::path& path);

}  // namespace genome::base
