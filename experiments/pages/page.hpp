// page.hpp: data and all that shows them, as one HTML file.
// Why:      a page is sent to others and opened years later, so it asks no network and no other file.
// Use:      write(page_html("runs/first", {{"runs", {run_data(at, name)}}}, PageKind::kFile));
// Promises: styles, scripts and the chart library are within; a policy in its head lets a browser load
//           nothing else. Data are data: no text of a run can become markup or script. The same data give the
//           same bytes.
// Threads:  pure functions.
// Tests:    tests/experiments/pages/page_test.cpp
#pragma once

#include <cstdint>
#include <string>

#include "experiments/pages/page_json.hpp"

namespace experiments {

enum class PageKind : std::uint8_t {
  kFile,    // opened from a disk
  kServed,  // asks the server it came from for data
};

// `data` has `runs`, a list, and may have `together`, of several runs. What is missing is not shown.
std::string page_html(const std::string& title, PageJson data, PageKind kind);

// What scripts know of the language, for its words in colour.
PageJson language_words_json();

}  // namespace experiments
