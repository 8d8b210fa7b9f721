#include "experiments/pages/page.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "evo/base/program_version.hpp"
#include "genome/base/check.hpp"
#include "genome/reference/language_reference.hpp"

namespace experiments {
namespace {

using namespace std::string_view_literals;

struct Part {
  std::string_view name, text;
};

// The files of experiments/pages/view, and the chart library, empty where it was not there when building.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"  // both compilers take them
constexpr std::array kParts = {
#include "page_texts.inc"
};
#pragma GCC diagnostic pop

constexpr std::array kScripts = {"dom.js",          "code.js",          "charts.js",     "run_view.js",
                                 "lineage_view.js", "episodes_view.js", "lanes_view.js", "several_view.js",
                                 "serve_view.js",   "main.js"};

std::string_view part(std::string_view name) {
  const auto* const found = std::ranges::find(kParts, name, &Part::name);
  EVOTTS_CHECK(found != kParts.end());
  return found->text;
}

std::string policy(PageKind kind) {
  return fmt::format(
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
      "img-src data:; base-uri 'none'; form-action 'none'{}",
      kind == PageKind::kServed ? "; connect-src 'self'" : "");
}

}  // namespace

PageJson language_words_json() {
  PageJson words = {{"w", PageJson::array({"controller", "rounds"})}, {"v", PageJson::array()}};
  for (const genome::LanguageEntry& entry : genome::language_entries()) {
    switch (entry.topic) {
      case genome::Topic::kSection:
      case genome::Topic::kStatement:
      case genome::Topic::kClause: words["w"].push_back(entry.word); break;
      case genome::Topic::kObservation:
      case genome::Topic::kFunction: words["v"].push_back(entry.word); break;
      default: break;
    }
  }
  return words;
}

std::string page_html(const std::string& title, PageJson data, PageKind kind) {
  data["program"] = evo::program_version();
  data["words"] = language_words_json();
  data["served"] = kind == PageKind::kServed;
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<title>{}</title>\n<style>\n{}</style>\n"
      "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<div id=\"page\"></div>\n"
      "<noscript>This page shows its data by scripts of its own, which are switched off here.</noscript>\n",
      policy(kind), in_html(title), part("page.css"));
  page += fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n", in_script(data));
  page += fmt::format("<script>\n{}</script>\n<script>\n", part("chart library"));
  for (const char* script : kScripts) page += part(script);
  return page + "</script>\n</body>\n</html>\n";
}

}  // namespace experiments
