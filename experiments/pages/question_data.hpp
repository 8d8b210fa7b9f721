// question_data.hpp: the questions of the environments one by one, with episodes on them as lanes.
// Why:      means hide that a controller wins some questions and loses others; an episode shows how.
// Use:      data["questions"] = question_data(scores, {.own = 1});
// Promises: a row for each of the run's controllers and the first known one at each beta, as `evotts eval
//           --questions` prints it. Episodes are those of the first ordering, at no more than three betas,
//           the one in the middle first; those that would take more than kMostTraceBytes are left out.
// Threads:  uses the threads of the calling TBB arena.
// Tests:    tests/experiments/pages/report_test.cpp
#pragma once

#include <cstddef>

#include "experiments/pages/page_json.hpp"
#include "experiments/reports/evaluation_report.hpp"

namespace experiments {

inline constexpr std::size_t kMostTraceBytes = std::size_t{3} << 19U;

struct QuestionRequest {
  std::size_t own = 1;  // so many controllers come first that are the run's
};

PageJson question_data(const Evaluation& scores, const QuestionRequest& request);

}  // namespace experiments
