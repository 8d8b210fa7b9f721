// reader.hpp: JSON text of recorded questions and branches <-> Environment.
// Why:      recordings come from elsewhere and may be broken in any way; all that is checked here, once,
//           so that the code that runs episodes never has to.
// Use:      Environment env = read_environment("Qwen3-4B/aime24.json");
//           std::string same_file = to_json(env);
// Promises: bad input of any kind throws InputError, whose one line names the file and the place in it
//           (questions, branches and probes are counted from 0); nothing else is thrown for it.
//           parse_environment(to_json(env), ...) has equal questions, and to_json of a file read gives
//           back the bytes of the published recordings.
// Threads:  pure functions.
// Tests:    tests/replay/environment/reader_test.cpp, tests/replay/environment/signal_reading_test.cpp
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "replay/environment/environment.hpp"
#include "replay/environment/limits.hpp"

namespace replay {

// The environment recorded in a file. Its name is the parent folder and the stem, "Qwen3-4B/aime24".
Environment read_environment(const std::filesystem::path& path);

// The bytes of a regular file of at most kMaxFileBytes.
std::string file_bytes(const std::filesystem::path& path);

// The environment in bytes already in memory; `source` names them in messages.
Environment parse_environment(std::string bytes, std::string name, std::string source);

// The canonical file text. Without signals, fields, order and layout are those of the published recordings;
// with signals, it is one line, with the signals in the order of written_signals. `collected` is the last
// field of the first question. REQUIRES: it is empty, or as compact_object() wants it.
std::string to_json(const Environment& environment);

// The same recordings in the three-element form, which readers before signals and AutoTTS read too.
Environment without_signals(Environment environment);

// What Environment::digest is of a file's bytes, 16 hexadecimal digits: tells a changed file from an
// unchanged one, the same on every platform, and is no defence against forgery.
std::string environment_digest(std::string_view file_bytes);

// Likewise of what a question asks and what was answered: text, gold answer, and the answers of each branch.
// Tokens, the interval, signals, other fields, and the order of branches and fields do not count.
std::string question_digest(const Question& question);

}  // namespace replay
