// published_rows.hpp: the published figures that ours are compared with, row by row.
// Why:      the parity test and its benchmark must mean the same rows, and the same knob.
// Use:      for (const auto& [environment, rows] : tests::published_rows(path_of_parity_csv)) ...
// Promises: rows keep the order of the file. The knob, which the file gives as beta for cmc and as a number
//           of branches for the others, is beta here.
// Threads:  pure function of the file.
#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace tests {

struct PublishedRow {
  std::string controller;
  double beta = 0;
  std::string accuracy;  // percent with two decimals
  double tokens = 0;     // of an episode
};

// By environment, e.g. "Qwen3-4B/aime24".
using PublishedRows = std::map<std::string, std::vector<PublishedRow>>;

inline PublishedRows published_rows(const std::filesystem::path& path) {
  PublishedRows rows;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string model, benchmark, controller, knob, accuracy, tokens;
    for (std::string* field : {&model, &benchmark, &controller, &knob, &accuracy, &tokens})
      std::getline(fields, *field, ',');
    const double value = std::stod(knob);
    const double beta = controller == "cmc" ? value : (std::log2(value) - 1) / 5;
    rows[model + "/" + benchmark].push_back({controller, beta, accuracy, std::stod(tokens)});
  }
  return rows;
}

}  // namespace tests
