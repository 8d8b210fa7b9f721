// action_text.hpp: how actions, branches and answers of episodes are written, for people and for programs.
// Why:      traces and comparisons tell of the same episodes and must tell it in the same words.
// Use:      shown_answer(question, id)           // "42*": the star says that it is right
//           action_text(playback, action)        // "probe b3=42*"; playback has just taken the action
//           json_line(action_json(playback, action))
// Promises: text of a recording is shown without control characters and cut short; JSON has it whole.
// Threads:  pure functions.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "experiments/console/table.hpp"
#include "replay/analysis/playback.hpp"

namespace experiments {

// What the marks in these texts mean, for the foot or head of a listing.
inline constexpr std::string_view kActionLegend =
    "b3/48 is the fourth branch opened, recorded as number 48; =42* an answer that it now gives, * when "
    "right;\n"
    "# its end";

// For the foot: what the mark of a cut means, where one of these actions was cut.
std::string cut_legend(const replay::ActionLog& log);

std::string_view name_of(replay::ActionKind kind);

// "-" for none. An answer that holds blanks or the marks of these texts is in quotes: "no one"*.
std::string shown_answer(const replay::Question& question, replay::AnswerId answer);

// The branch of a lane: "b3", or "b3/48" with its number in the recording.
std::string branch_name(std::size_t lane);
std::string branch_name(std::size_t lane, std::uint32_t recorded);

// A question's text as a cell: whole for programs, without control characters and cut short for people.
std::string question_cell(const replay::Question& question, Format format);

std::string action_text(const replay::Playback& after, const replay::Action& action);
nlohmann::ordered_json action_json(const replay::Playback& after, const replay::Action& action);

// The round of an action: null in the section start.
nlohmann::ordered_json round_json(int round);
// The answer's text, or null.
nlohmann::ordered_json answer_json(const replay::Question& question, replay::AnswerId answer);

}  // namespace experiments
