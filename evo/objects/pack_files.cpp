#include "evo/objects/pack_files.hpp"

#include <fmt/format.h>
#include <sstream>
#include <system_error>
#include <vector>

#include "evo/base/error.hpp"
#include "genome/base/file.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOurs = "evotts\n";  // in a .keep file
constexpr int kDeepestAlternate = 5;            // as git has it

// Entries that go while they are listed are gone; a folder that is not there holds none.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    files.push_back(it->path());
  if (error && error != std::errc::no_such_file_or_directory)
    throw StorageError(fmt::format("cannot read the folder {}: {}", folder.string(), error.message()));
  return files;
}

void add_packs_of(const fs::path& objects, int depth, std::set<fs::path>& found) {
  for (const fs::path& file : files_in(objects / "pack")) {
    if (file.extension() == ".idx" || file.filename() == kMultiPackIndex) found.insert(file);
  }
  if (depth == kDeepestAlternate) return;
  std::istringstream alternates(genome::base::content_of(objects / "info" / "alternates").value_or(""));
  for (std::string line; std::getline(alternates, line);) {
    if (line.empty() || line.front() == '#') continue;
    add_packs_of(objects / line, depth + 1, found);
  }
}

}  // namespace

fs::path pack_folder(const fs::path& root) { return root / ".git" / "objects" / "pack"; }

fs::path staging_folder(const fs::path& root) { return root / ".git" / "evotts.packs"; }

fs::path beside(fs::path file, const char* extension) { return file.replace_extension(extension); }

void put_in_place(const std::string& name, const fs::path& root) {
  for (const char* extension : {".pack", ".idx"})
    fs::rename(staging_folder(root) / (name + extension), pack_folder(root) / (name + extension));
  genome::base::sync_path(pack_folder(root));
}

std::string write_builder(git_packbuilder* builder, const fs::path& root) {
  const fs::path folder = staging_folder(root);
  fs::create_directories(folder);
  git_check(git_packbuilder_write(builder, folder.c_str(), 0, nullptr, nullptr), "write a pack to", folder);
  return fmt::format("pack-{}", git_packbuilder_name(builder));
}

KeptPack::KeptPack(const FreshObjects& fresh, const fs::path& root) {
  const auto builder = git_make<GitPackBuilder>(
      [&](auto out) { return git_packbuilder_new(out, fresh.repository()); }, "start a pack in", root);
  for (const FreshObject& object : fresh.objects()) {
    git_check(git_packbuilder_insert(builder.get(), &object.id, object.name.c_str()), "pack an object of",
              root);
  }
  const std::string name = write_builder(builder.get(), root);
  keep_ = pack_folder(root) / (name + ".keep");
  genome::base::OutputFile file(keep_);
  file.write(kOurs);
  file.close();
  put_in_place(name, root);
}

KeptPack::~KeptPack() {
  std::error_code ignored;  // where that fails the next writer removes it
  fs::remove(keep_, ignored);
}

std::set<fs::path> packs_there(const fs::path& objects) {
  std::set<fs::path> found;
  add_packs_of(objects, 0, found);
  return found;
}

void mend_packs(const fs::path& root) {
  const fs::path folder = pack_folder(root);
  std::error_code gone;  // by a collector, meanwhile
  for (const fs::path& file : files_in(staging_folder(root))) {
    // Whole and synced before the first of the two was moved.
    const fs::path place = folder / file.filename();
    if (file.extension() == ".idx" && fs::exists(beside(place, ".pack"))) fs::rename(file, place);
  }
  fs::remove_all(staging_folder(root));
  for (const fs::path& file : files_in(folder)) {
    const bool unfinished = file.filename().string().starts_with("pack_git2_");
    const bool orphan = file.extension() == ".idx" && !fs::exists(beside(file, ".pack"));
    const bool our_keep = file.extension() == ".keep" && genome::base::content_of(file) == kOurs;
    if (unfinished || orphan || our_keep) fs::remove(file, gone);
  }
  // What a killed writer renamed into place may not be on the disk yet, and the next commit builds on it.
  genome::base::sync_path(folder);
}

}  // namespace evo
