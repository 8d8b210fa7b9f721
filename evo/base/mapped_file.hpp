// mapped_file.hpp: a file's bytes, read in place.
// Why:      packs are as large as a run's history; nothing of one need be copied to look at it.
// Use:      const MappedFile pack(path);  pack.bytes().starts_with("PACK")
// Promises: the bytes are those of the file as long as the object lives, and the file is not cut meanwhile.
// Throws:   boost::interprocess::interprocess_exception when the file is empty, or cannot be read.
// Threads:  any number may read.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <filesystem>
#include <string_view>

namespace evo {

class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path)
      : file_(path.c_str(), boost::interprocess::read_only), region_(file_, boost::interprocess::read_only) {}
  std::string_view bytes() const {
    return {static_cast<const char*>(region_.get_address()), region_.get_size()};
  }

 private:
  boost::interprocess::file_mapping file_;
  boost::interprocess::mapped_region region_;
};

}  // namespace evo
