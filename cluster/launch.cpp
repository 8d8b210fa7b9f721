#include "cluster/launch.hpp"

#include <charconv>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <vector>

#include "cluster/plugin.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace cluster {
namespace {

namespace fs = std::filesystem;

std::optional<int> number_in(const Variable& variable, const char* name) {
  const auto text = variable(name);
  if (!text) return std::nullopt;
  int number = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, number);
  if (problem != std::errc{} || stop != end || number < 0) return std::nullopt;
  return number;
}

// A program of the build tree finds it beside itself, an installed one where libraries are.
std::vector<fs::path> places() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return {};
  const fs::path folder = program.parent_path();
  return {folder / kPluginFile, folder.parent_path() / "lib" / "evotts" / kPluginFile};
}

void* loaded() {
  std::error_code unknown;
  for (const fs::path& path : places()) {
    if (!fs::exists(path, unknown)) continue;
    if (void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    throw replay::InputError(
        fmt::format("the part for MPI cannot be loaded: {}", genome::base::visible(dlerror())));
  }
  throw replay::InputError(
      "mpirun started several ranks, but this evotts has no part for MPI (the package evotts-mpi; when built "
      "from source, libopenmpi-dev and libboost-mpi-dev); without mpirun it uses the cores of one machine");
}

}  // namespace

std::optional<Launch> launch_in(const Variable& variable) {
  const auto rank = number_in(variable, "OMPI_COMM_WORLD_RANK");
  const auto ranks = number_in(variable, "OMPI_COMM_WORLD_SIZE");
  const auto local_rank = number_in(variable, "OMPI_COMM_WORLD_LOCAL_RANK");
  const auto local_ranks = number_in(variable, "OMPI_COMM_WORLD_LOCAL_SIZE");
  if (!rank || !ranks || !local_rank || !local_ranks) return std::nullopt;
  if (*rank >= *ranks || *local_rank >= *local_ranks) return std::nullopt;
  const bool bound = variable("OMPI_MCA_orte_bound_at_launch").has_value();
  const bool asked = variable("OMPI_MCA_hwloc_base_binding_policy").has_value() ||
                     variable("OMPI_MCA_hwloc_base_cpu_set").has_value();
  return Launch{*rank, *ranks, *local_rank, *local_ranks, bound && !asked};
}

std::optional<std::string> variable_here(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::unique_ptr<Transport> loaded_transport() {
  void* const library = loaded();
  const auto version = reinterpret_cast<PluginVersion>(dlsym(library, kPluginVersion));
  const auto make = reinterpret_cast<PluginMake>(dlsym(library, kPluginMake));
  if (version == nullptr || make == nullptr || std::string_view(version()) != plugin_version())
    throw replay::InputError(
        fmt::format("the part for MPI, {}, is of another version than this program", kPluginFile));
  return std::unique_ptr<Transport>(make());
}

}  // namespace cluster
