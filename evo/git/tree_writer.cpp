#include "evo/git/tree_writer.hpp"

#include <algorithm>

#include "genome/base/check.hpp"

namespace evo {
namespace {

// Our own code names the files of a run, so a bad path is a bug and not bad input.
bool usable_path(std::string_view path, const std::map<std::string, std::string>& put) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == ".." || part == ".git") return false;
    // One path cannot be both a file and a folder.
    if (end < path.size() && put.contains(std::string(path.substr(0, end)))) return false;
    begin = end + 1;
  }
  return true;
}

bool is_same_file(const git_oid* id, const std::string& content) {
  git_oid now;
  return git_odb_hash(&now, content.data(), content.size(), GIT_OBJECT_BLOB) == 0 &&
         git_oid_equal(id, &now) != 0;
}

}  // namespace

git_oid TreeWriter::write(const git_tree* base, const std::map<std::string, std::string>& put,
                          const std::set<std::string>& remove) {
  Edits edits;
  for (const auto& path : remove) {
    EVOTTS_CHECK(usable_path(path, {}) && !put.contains(path));
    edits[path] = nullptr;
  }
  for (const auto& [path, content] : put) {
    EVOTTS_CHECK(usable_path(path, put));
    edits[path] = &content;
  }
  if (const auto tree = write_folder(base, edits.begin(), edits.end(), 0)) return *tree;
  const auto empty = git_make<GitTreeBuilder>(
      [&](auto out) { return git_treebuilder_new(out, fresh_.repository(), nullptr); }, "write a tree of",
      root_);
  git_oid id;
  git_check(git_treebuilder_write(&id, empty.get()), "write a tree of", root_);
  fresh_.note(id, "");
  return id;
}

// The edits [first, last) all lie in the folder whose path has `prefix` characters. Nothing for a folder
// that ends up empty.
std::optional<git_oid> TreeWriter::write_folder(const git_tree* base, Edits::const_iterator first,
                                                Edits::const_iterator last, std::size_t prefix) {
  const auto builder =
      git_make<GitTreeBuilder>([&](auto out) { return git_treebuilder_new(out, fresh_.repository(), base); },
                               "write a tree of", root_);
  const std::string folder = first == last ? "" : std::string(first->first.substr(0, prefix));
  while (first != last) {
    const std::string_view path = first->first;
    const std::size_t slash = path.find('/', prefix);
    const std::string name(path.substr(prefix, slash - prefix));
    if (slash == std::string_view::npos) {
      edit_file(builder.get(), path, name, first->second);
      ++first;
      continue;
    }
    const std::string_view inner = path.substr(0, slash + 1);
    const auto inner_last =
        std::find_if(first, last, [&](const auto& edit) { return !edit.first.starts_with(inner); });
    edit_folder(builder.get(), name, first, inner_last, slash + 1);
    first = inner_last;
  }
  if (git_treebuilder_entrycount(builder.get()) == 0) return std::nullopt;
  git_oid id;
  git_check(git_treebuilder_write(&id, builder.get()), "write a tree of", root_);
  if (base == nullptr || git_oid_equal(&id, git_tree_id(base)) == 0) fresh_.note(id, folder);
  return id;
}

void TreeWriter::edit_file(git_treebuilder* builder, std::string_view path, const std::string& name,
                           const std::string* content) {
  const git_tree_entry* old = git_treebuilder_get(builder, name.c_str());
  if (content == nullptr) {
    if (old == nullptr || git_tree_entry_type(old) != GIT_OBJECT_BLOB) return;
    git_check(git_treebuilder_remove(builder, name.c_str()), "write a tree of", root_);
    changes_.push_back({std::string(path), nullptr, {}});
    return;
  }
  if (old != nullptr && is_same_file(git_tree_entry_id(old), *content)) return;
  const git_oid id = fresh_.write_file(*content, path);
  insert(builder, name, id, GIT_FILEMODE_BLOB);
  changes_.push_back({std::string(path), content, id});
}

void TreeWriter::edit_folder(git_treebuilder* builder, const std::string& name, Edits::const_iterator first,
                             Edits::const_iterator last, std::size_t prefix) {
  GitTree base;
  const git_tree_entry* old = git_treebuilder_get(builder, name.c_str());
  if (old != nullptr && git_tree_entry_type(old) == GIT_OBJECT_TREE) {
    base =
        git_make<GitTree>([&](auto out) { return git_tree_lookup(out, repository_, git_tree_entry_id(old)); },
                          "read a tree of", root_);
  }
  if (const auto id = write_folder(base.get(), first, last, prefix)) {
    insert(builder, name, *id, GIT_FILEMODE_TREE);
  } else if (base != nullptr) {
    git_check(git_treebuilder_remove(builder, name.c_str()), "write a tree of", root_);
  }
}

void TreeWriter::insert(git_treebuilder* builder, const std::string& name, const git_oid& id,
                        git_filemode_t mode) {
  git_check(git_treebuilder_insert(nullptr, builder, name.c_str(), &id, mode), "write a tree of", root_);
}

}  // namespace evo
