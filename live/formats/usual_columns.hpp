// usual_columns.hpp: the names that data sets and tools give to their columns.
// Why:      people should have to name a column only where nobody else calls it so.
// Use:      for (const std::string_view name : usual::kText) if (facts.of(name).told) ...
// Promises: earlier names go first. Lists are of plurals too, which hold an entry for each sample.
// Threads:  constants.
// Tests:    tests/live/formats/generic_test.cpp
#pragma once

#include <string_view>

namespace live::usual {

// clang-format off
inline constexpr std::string_view kId[] = {
    "id", "question_id", "problem_id", "qid", "doc_id", "task_id", "problem_idx", "example_id",
    "unique_id", "instance_id", "prompt_id", "question_idx", "question_index", "problem_index", "idx",
    "uuid"};

inline constexpr std::string_view kQuestion[] = {
    "question", "problem", "Problem", "Question", "question_text", "problem_statement", "prompt",
    "input", "query", "q", "instruction", "user_prompt"};

// The last one is a whole solution, whose answer stands in a box or behind a mark.
inline constexpr std::string_view kGold[] = {
    "gold_answer", "gold", "ground_truth", "ground_truth_answer", "gt", "gt_answer", "gts",
    "expected_answer", "reference_answer", "correct_answer", "true_answer", "reference", "target",
    "label", "answer", "Answer", "answerKey", "solution"};

inline constexpr std::string_view kText[] = {
    "generations", "generation", "responses", "response", "outputs", "output", "completions",
    "completion", "samples", "texts", "text", "generated_text", "generated_solutions",
    "generated_solution", "model_outputs", "model_output", "model_responses", "model_response",
    "full_response", "raw_output", "raw_response", "code", "rollouts", "candidates", "attempts",
    "replies", "reply", "generated_answers"};

inline constexpr std::string_view kAnswer[] = {
    "extracted_answers", "extracted_answer", "parsed_answers", "parsed_answer", "predicted_answers",
    "predicted_answer", "predictions", "prediction", "preds", "pred", "final_answers", "final_answer",
    "model_answers", "model_answer", "generated_answer", "answers", "answer"};

inline constexpr std::string_view kRight[] = {
    "corrects", "correct", "is_correct", "is_corrects", "right", "correctness_math_verify",
    "correctness", "symbolic_correct", "passed"};

inline constexpr std::string_view kTokens[] = {
    "n_tokens", "num_tokens", "tokens", "token_counts", "token_count", "completion_tokens",
    "output_tokens", "generated_tokens", "num_generated_tokens", "num_output_tokens",
    "num_completion_tokens", "response_tokens", "response_lengths", "response_length",
    "completion_lengths", "completion_length", "usage.completion_tokens", "usage.output_tokens"};

// No "index", which is of questions as often: two equal samples of one number count once.
inline constexpr std::string_view kSample[] = {
    "sample", "sample_id", "sample_idx", "sample_index", "idx_answer", "repeat", "repetition", "trial",
    "attempt", "epoch", "run", "rollout", "rollout_idx", "generation_idx", "response_idx",
    "completion_idx", "seed"};

// The last one tells the opposite: whether a thought came to its end.
inline constexpr std::string_view kReason[] = {
    "finish_reasons", "finish_reason", "stop_reasons", "stop_reason", "is_reasoning_complete"};

inline constexpr std::string_view kOptions[] = {
    "options", "choices"};

inline constexpr std::string_view kModel[] = {
    "model", "model_name", "model_id", "generation_model"};

struct UsualSignal {
  std::string_view column, name;
};
inline constexpr UsualSignal kSignals[] = {
    {"reward", "reward"}, {"rewards", "reward"}, {"score", "score"}, {"scores", "score"},
    {"verifier_score", "score"}, {"verifier_scores", "score"}, {"rm_score", "reward"},
    {"rm_scores", "reward"}, {"prm_score", "prm_score"}, {"prm_scores", "prm_score"},
    {"mean_logprob", "logprob"}, {"mean_logprobs", "logprob"}, {"avg_logprob", "logprob"},
    {"avg_logprobs", "logprob"}, {"confidence", "confidence"}, {"confidences", "confidence"},
    {"entropy", "entropy"}};
// clang-format on

}  // namespace live::usual
