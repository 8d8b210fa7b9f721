#include "experiments/pages/gnuplot.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>  // environ

#include "experiments/console/output_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;

struct Terminal {
  std::string_view ending, command;
};
constexpr std::array kTerminals = {
    Terminal{".svg", "svg size 800,500 dynamic font 'DejaVu Sans,13' noenhanced background '#ffffff'"},
    Terminal{".pdf", "pdfcairo size 16cm,10cm font 'DejaVu Sans,11' noenhanced"},
    Terminal{".png", "pngcairo size 1600,1000 font 'DejaVu Sans,22' linewidth 2 noenhanced"}};

std::string_view terminal_of(const std::string& file) {
  const std::string ending = fs::path(file).extension().string();
  for (const Terminal& each : kTerminals) {
    if (each.ending == ending) return each.command;
  }
  throw UsageError(
      fmt::format("-o {}: the name of a figure ends in .svg, .pdf or .png", genome::base::visible(file)));
}

std::string script_of(const FigureFile& to, const std::string& data, const std::string& commands) {
  return fmt::format(
      "# Made by evotts plot; `gnuplot THIS_FILE`, where it lies, makes the figure again.\n"
      "set terminal {}\nset output {}\ndata = {}\nset datafile separator comma\nset encoding utf8\n"
      "set border 3\nset tics nomirror out\nset grid back linecolor '#d0d7de'\nset key outside bottom center "
      "horizontal\n{}",
      terminal_of(to.file), in_gnuplot(fs::path(to.file).filename().string()), in_gnuplot(data), commands);
}

// Removed with what is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "evotts-plot-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      genome::base::fail_at("make a folder in", fs::temp_directory_path());
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Its exit code; 127 where there is no such program.
int run_gnuplot(const fs::path& folder, const std::string& script) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  std::string program = "gnuplot", file = script;
  std::array<char*, 3> arguments = {program.data(), file.data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT) return 127;
  if (failed != 0)
    throw std::runtime_error(fmt::format("gnuplot cannot be started: {}", std::strerror(failed)));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("gnuplot is gone");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string in_gnuplot(std::string_view text) {
  std::string quoted = "'";
  for (const char c : genome::base::one_line(text))
    quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string line_style(std::size_t i, bool points) {
  constexpr std::array kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                   "#8a7a00", "#56b4e9", "#5b5b5b"};
  const std::string style =
      fmt::format("linecolor rgb '{}' dashtype {} linewidth 1.5", kColours[i % kColours.size()], 1 + i % 5);
  return points ? fmt::format("{} pointtype {} pointsize 0.6", style, 4 + i % 9) : style;
}

void expect_figure(const FigureFile& to) {
  terminal_of(to.file);
  expect_new_file(to.file, to.force);
  if (!to.keep) return;
  for (const char* ending : {".csv", ".gp"}) expect_new_file(to.file + ending, to.force);
}

void draw(const FigureFile& to, const Figure& figure) {
  const std::string name = fs::path(to.file).filename().string();
  const fs::path beside = fs::path(to.file).parent_path();
  const ScratchFolder scratch;
  const std::string data = name + ".csv", script = name + ".gp";
  const std::string text = script_of(to, data, figure.commands);
  genome::base::write_durably(scratch.path() / data, figure.data);
  genome::base::write_durably(scratch.path() / script, text);
  if (to.keep) {
    genome::base::write_durably(beside / data, figure.data);
    genome::base::write_durably(beside / script, text);
  }
  const int code = run_gnuplot(scratch.path(), script);
  if (code == 127) {
    throw std::runtime_error(
        fmt::format("gnuplot, which draws figures, is not installed (gnuplot-nox on Debian){}",
                    to.keep ? "; the data and the script are written"
                            : "; with --script the data and a script are written all the same"));
  }
  const auto drawn = genome::base::content_of(scratch.path() / name);
  if (code != 0 || !drawn || drawn->empty())
    throw std::runtime_error(fmt::format("gnuplot failed ({}); what it says is above", code));
  genome::base::write_durably(to.file, *drawn);
}

}  // namespace experiments
