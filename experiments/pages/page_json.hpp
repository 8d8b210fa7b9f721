// page_json.hpp: figures and texts as JSON that may stand inside a page.
// Why:      a page shows what commands print, so it is given their tables with every digit as they write it,
//           and formats no number of its own.
// Use:      data["frontier"] = table_json(frontier_table(archive, 10));
//           page += "<script type=\"application/json\">" + in_script(data) + "</script>";
// Promises: in_script() leaves no character with which HTML or a script could go on otherwise: all but ASCII
//           is escaped, and so are `<`, `>` and `&`. Bytes that are no UTF-8 are replaced.
// Threads:  pure functions.
// Tests:    tests/experiments/pages/page_test.cpp
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "experiments/console/table.hpp"

namespace experiments {

using PageJson = nlohmann::ordered_json;

// {"columns": [...], "left": [...], "rows": [[...]]}: cells as texts, as `evotts` prints them.
PageJson table_json(const Table& table);

// Such a text between the tags of a script element.
std::string in_script(const PageJson& data);
std::string in_script(std::string json);

// A text in HTML, in an element or in quotes.
std::string in_html(std::string_view text);

// Adds to `to` what `make` gives, under that name. Where it cannot be read, the reason goes to
// to["problems"] instead, and the rest of a damaged run is shown all the same.
void add_part(PageJson& to, const char* name, const std::function<PageJson()>& make);

// A part that is shown, but for what the reason names.
void add_gap(PageJson& to, const char* name, std::string_view why);

// Moves what a part has in its own list of problems to that of the whole.
void lift_problems(PageJson& to, const char* name);

}  // namespace experiments
