#include "api/python/controllers.hpp"

#include <fstream>
#include <map>
#include <system_error>

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/bindings.hpp"
#include "api/python/errors.hpp"

namespace evotts::python {
namespace {

constexpr std::streamsize kMostBytes = 64 * 1024;  // of a text

// One byte more than a text may have is enough to refuse it. A device never ends, and a pipe may never begin.
std::string contents_of(const std::filesystem::path& path) {
  const auto refuse = [&](const std::string& why) {
    throw_input(std::string(shown(path.string()).attr("encode")("utf-8", "replace").cast<std::string>()) +
                ": " + why);
  };
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (!std::filesystem::exists(status))
    refuse("cannot be opened: " + (failed ? failed.message() : "no such file"));
  if (!std::filesystem::is_regular_file(status)) refuse("is no regular file");
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse("cannot be opened");
  std::string text(static_cast<std::size_t>(kMostBytes) + 1, '\0');
  file.read(text.data(), kMostBytes + 1);
  if (file.bad()) refuse("cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

HeldController loaded(const Path& path) {
  return HeldController(parsed(contents_of(path.value), path.value.string()));
}

py::list diagnostics_of(const Source& text) {
  py::list list;
  for (Diagnostic& each : check_controller(text.value).diagnostics) list.append(new_object(std::move(each)));
  return list;
}

std::string summary(const HeldController& held) {
  return "<evotts.Controller " + held.controller.name() + " " + held.controller.id().substr(0, 10) + ">";
}

HeldController unpickled(const py::object& text) {
  return HeldController(parsed(text_of(text, "a pickled Controller"), "controller"));
}

void bind_class(py::module_& module) {
  Class<HeldController>(
      module, "Controller",
      "A controller: decides when branches of reasoning are opened, advanced, pruned and counted.\n\n"
      "Made by parse(), known() or load(), or taken out of a Run. It never changes. Pickling goes by the "
      "text:\n"
      "what a run holds out (see Run) is forgotten by it, as by `text`.")
      .function(
          "parse", "(text, *, file='controller')",
          [](const Text& text, const Word& file) { return HeldController(parsed(text.value, file.value)); },
          "The controller of a text of at most 64 KiB; `file` names it in messages.\n\n"
          "Raises InputError whose `diagnostics` are all errors and warnings of the text.")
      .function(
          "known", "(name)", [](const Word& name) { return HeldController(known_controller(name.value)); },
          "One that ships with evotts, e.g. \"cmc\". Raises InputError that lists them all.")
      .function("load", "(path)", named<loaded>,
                "The controller in a file. Raises InputError when it cannot be read, or as parse() does.")
      .property(
          "name", [](const HeldController& held) { return shown(held.controller.name()); },
          "The name that the text gives itself.")
      .property(
          "text", [](const HeldController& held) { return shown(held.controller.text()); },
          "The canonical text, which reads back as an equal controller. It has no comments.")
      .property(
          "id", [](const HeldController& held) { return shown(held.controller.id()); },
          "The git blob id of the canonical text: 40 hexadecimal digits.")
      .property(
          "size", [](const HeldController& held) { return held.controller.size(); },
          "Nodes of its tree: a measure of length that layout does not change.")
      .method(
          "__hash__", "()", [](const HeldController& held) { return py::hash(shown(held.controller.id())); },
          "Of the id.")
      .method(
          "__repr__", "()", [](const HeldController& held) { return shown(summary(held)); }, "For people.")
      .copied_as_itself()
      .pickled([](const HeldController& held) { return shown(held.controller.text()); }, named<unpickled>);
}

}  // namespace

const std::shared_ptr<const Program>& program_of(HeldController& held) {
  static std::map<std::string, std::weak_ptr<const Program>> programs;
  if (held.program) return held.program;
  std::erase_if(programs, [](const auto& each) { return each.second.expired(); });
  std::weak_ptr<const Program>& known = programs[held.controller.id()];
  held.program = known.lock();
  if (!held.program) known = held.program = std::make_shared<const Program>(held.controller);
  return held.program;
}

Controller parsed(std::string_view text, std::string_view file) {
  CheckResult result = check_controller(text);
  if (result.controller) return std::move(*result.controller);
  try {
    return parse_controller(text, file);  // for its message
  } catch (const Error& error) {
    throw RefusedText(error.what(), std::move(result.diagnostics));
  }
}

std::vector<Controller> controllers_in(py::handle given) {
  std::vector<Controller> controllers;
  for (const py::handle each : sequence(given, "controllers", "Controller")) {
    if (!is_a<HeldController>(each))
      refuse("controllers[" + std::to_string(controllers.size()) + "]", "a Controller", each);
    controllers.push_back(value_in<HeldController>(each).controller);
  }
  return controllers;
}

void bind_controllers(py::module_& module) {
  bind_class(module);
  add_function(
      module, "check", "(text)", named<diagnostics_of>,
      "All problems of the text of a controller, in the order of the text: a list of Diagnostic. Whatever\n"
      "the text, it raises nothing: one longer than 64 KiB, or that UTF-8 cannot hold, has an error among "
      "them.");
  add_function(
      module, "known_controllers", "()", [] { return shown_all(known_controller_names()); },
      "Names of the controllers that ship with evotts, sorted: a list of str.");
}

}  // namespace evotts::python
