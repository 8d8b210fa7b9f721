#include "evo/objects/objects_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "evo/base/error.hpp"
#include "evo/base/mapped_file.hpp"
#include "evo/objects/handles.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/open_files.hpp"
#include "genome/base/sha1.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using genome::base::quoted_command;
using genome::base::shell_path;

constexpr std::size_t kDigestBytes = 20;

// What is wrong with a file that ends in the SHA-1 of all before it, or nothing.
std::optional<std::string> problem_of(std::string_view bytes, std::string_view magic) {
  if (bytes.size() < magic.size() + kDigestBytes) return fmt::format("cut short at {} bytes", bytes.size());
  if (!bytes.starts_with(magic)) return "does not begin as such a file does";
  const std::string_view body = bytes.substr(0, bytes.size() - kDigestBytes);
  if (genome::base::sha1_hex(body) != genome::base::hex(bytes.substr(body.size())))
    return "its checksum does not match its content: bytes were cut or altered";
  return std::nullopt;
}

// The checksum of the pack stands before that of its index.
std::string_view pack_digest_in_index(std::string_view index) {
  return index.substr(index.size() - 2 * kDigestBytes, kDigestBytes);
}

std::string name_in(const fs::path& run, const fs::path& file) {
  return file.lexically_relative(run).string();
}

// What makes the index of a whole pack anew; git does not overwrite one that is there.
std::string index_command(const fs::path& run, const fs::path& pack) {
  const fs::path index = fs::path(pack).replace_extension(".idx");
  const std::string make =
      fmt::format("git -C {} index-pack {}", shell_path(run), shell_path(name_in(run, pack)));
  return quoted_command(fs::exists(index) ? fmt::format("rm -f {} && {}", shell_path(index), make) : make);
}

// Whatever cannot be read while no file can be opened is not damaged for that.
void expect_open_files(const fs::path& run) {
  if (!genome::base::open_files_advice().empty())
    throw StorageError(fmt::format("cannot read all of {}", genome::base::visible(run.string())));
}

void check_pack(const fs::path& run, const fs::path& pack, ObjectsReport& report) {
  const fs::path index = fs::path(pack).replace_extension(".idx");
  const auto tell = [&](const fs::path& file, const std::string& problem) {
    report.files.push_back({name_in(run, file), problem});
  };
  const auto remedy = [&] { return "make it anew: " + index_command(run, pack); };
  if (!fs::exists(index)) return tell(pack, "has no index; " + remedy());
  try {
    if (fs::file_size(pack) == 0) return tell(pack, "is empty");
    const MappedFile pack_file(pack);
    const auto pack_problem = problem_of(pack_file.bytes(), "PACK");
    if (pack_problem) tell(pack, *pack_problem);
    const std::string whole = pack_problem ? "" : "; its pack is whole: remove the index and " + remedy();
    if (fs::file_size(index) == 0) return tell(index, "is empty" + whole);
    const MappedFile index_file(index);
    const auto index_problem = problem_of(index_file.bytes(), "\377tOc");
    if (index_problem) tell(index, *index_problem + whole);
    if (!pack_problem && !index_problem &&
        pack_digest_in_index(index_file.bytes()) !=
            pack_file.bytes().substr(pack_file.bytes().size() - kDigestBytes))
      tell(index, "belongs to another pack" + whole);
  } catch (const boost::interprocess::interprocess_exception& error) {
    expect_open_files(run);
    tell(pack, fmt::format("cannot be read: {}", error.what()));
  }
}

std::vector<fs::path> files_ending(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void note_orphan(const fs::path& run, const fs::path& index, ObjectsReport& report) {
  if (fs::exists(fs::path(index).replace_extension(".pack"))) return;
  report.orphans.push_back({index.lexically_relative(run).string(), "its pack is not there"});
}

void check_each(const fs::path& run, git_odb* odb, const std::vector<git_oid>& ids,
                const CheckProgress& progress, ObjectsReport& report) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    git_odb_object* object = nullptr;
    if (git_odb_read(&object, odb, &ids[i]) == 0) {  // libgit2 compares the SHA-1 with the name
      if (git_odb_object_type(object) == GIT_OBJECT_COMMIT) report.commits.push_back(hex_of(ids[i]));
      git_odb_object_free(object);
    } else {
      expect_open_files(run);
      report.unreadable.insert(hex_of(ids[i]));
    }
    if (progress) progress(i + 1, ids.size());
  }
}

}  // namespace

ObjectsReport check_objects(const fs::path& run, const fs::path& objects, const CheckProgress& progress) {
  return with_storage_errors([&] {
    start_libgit2();
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
    ObjectsReport report;
    const std::vector<fs::path> packs = files_ending(objects / "pack", ".pack");
    report.packs = packs.size();
    for (const fs::path& pack : packs) check_pack(run, pack, report);
    for (const fs::path& index : files_ending(objects / "pack", ".idx")) note_orphan(run, index, report);
    const auto odb = git_make<GitOdb>([&](auto out) { return git_odb_open(out, objects.c_str()); },
                                      "open the objects of", run);
    std::vector<git_oid> ids;
    const auto note = [](const git_oid* id, void* to) {
      static_cast<std::vector<git_oid>*>(to)->push_back(*id);
      return 0;
    };
    // What cannot be listed is missed where it is needed.
    if (git_odb_foreach(odb.get(), note, &ids) < 0 && report.files.empty())
      report.files.push_back({".git/objects", "its objects cannot all be listed"});
    std::ranges::sort(ids, [](const git_oid& a, const git_oid& b) { return git_oid_cmp(&a, &b) < 0; });
    const auto twice = std::ranges::unique(
        ids, [](const git_oid& a, const git_oid& b) { return git_oid_equal(&a, &b) != 0; });
    ids.erase(twice.begin(), twice.end());
    report.objects = ids.size();
    check_each(run, odb.get(), ids, progress, report);
    return report;
  });
}

}  // namespace evo
