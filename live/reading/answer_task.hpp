// answer_task.hpp: ReadingTask, what a model is asked for, and how what it says becomes an answer.
// Why:      collecting, reading texts anew and serving read finals, looks and gold answers in one way; votes
//           and scores compare them.
// Use:      const ReadingTask task({.task = "boxed"});
//           const std::string prompt = task.prompt_of(question);
//           const std::string final_answer = task.final_answer(text);
//           const std::string look = task.looked_answer(reply);  // to the branch and task.suffix()
// Promises: answers are normal forms of the task, or ERR where nothing can be read; any bytes are taken. A
//           look is read from what the model said, never from the suffix alone:
//             a suffix that ends inside a box: what stands there, to the brace that closes it
//             otherwise: its first line that has an answer, and all of it for boxed and regex
//           A suffix is that of the look's task if none is given, a prompt that of the task.
// Throws:   replay::InputError for a task that is none, a prompt without {question}, and a gold answer with
//           nothing in it.
// Threads:  const members may be called from several threads.
// Tests:    tests/live/reading/answer_task_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "replay/answers/extract.hpp"

namespace live {

// As users give them: what parse_extractor() takes, what is appended to a branch for a look, and what is
// asked.
struct TaskWords {
  std::string task = "boxed";
  std::optional<std::string> look_task, look_suffix, prompt;
};

class ReadingTask {
 public:
  explicit ReadingTask(const TaskWords& words);

  std::string final_answer(std::string_view text) const;
  std::string looked_answer(std::string_view look) const;
  std::string gold_answer(std::string_view gold) const;
  std::string prompt_of(const std::string& question) const;

  const std::string& task() const { return task_; }
  const std::string& look_task() const { return look_task_; }
  const std::string& suffix() const { return suffix_; }
  const std::string& prompt() const { return prompt_; }

 private:
  std::string looked_in_box(std::string_view look, std::size_t begin) const;
  std::string looked_behind_suffix(std::string_view look) const;

  std::string task_, look_task_, suffix_, prompt_;
  replay::Extractor final_, look_;
  std::optional<std::size_t> box_;  // where the content of a box begins that the suffix leaves open
  bool suffix_answers_ = false;     // something can be read from the suffix alone
};

}  // namespace live
