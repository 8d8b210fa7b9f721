#include "genome/text/synonyms.hpp"

#include <algorithm>

namespace genome {
namespace {

constexpr Synonym kSynonyms[] = {
    {"avg", "mean"},
    {"average", "mean"},
    {"total", "sum"},
    {"len", "count"},
    {"length", "count"},
    {"size", "count"},
    {"number", "count"},
    {"majority", "top"},
    {"mode", "top"},
    {"argmax", "top"},
    {"plurality", "top"},
    {"most_common", "top"},
    {"vote", "top"},
    {"winner", "top"},
    {"agreement", "support"},
    {"consensus", "support"},
    {"unique", "distinct"},
    {"different", "distinct"},
    {"uncertainty", "entropy"},
    {"certainty", "confidence"},
    {"second", "runner_up"},
    {"margin", "runner_up"},
    {"ln", "log"},
    {"pow", "^"},
    {"power", "^"},
    {"clamp", "min"},
    {"clip", "min"},
    {"ceiling", "ceil"},
    {"lerp", "mix"},
    {"previous", "ago"},
    {"lag", "ago"},
    {"history", "ago"},
    {"null", "none"},
    {"nil", "none"},
    {"done", "finished"},
    {"ended", "finished"},
    {"complete", "finished"},
    {"completed", "finished"},
    {"alive", "active"},
    {"running", "active"},
    {"live", "active"},
    {"dead", "pruned"},
    {"dropped", "pruned"},
    {"killed", "pruned"},
    {"step", "round"},
    {"iteration", "round"},
    {"turn", "round"},
    {"time", "round"},
    {"cost", "spent"},
    {"used", "spent"},
    {"budget", "remaining"},
    {"left", "remaining"},
    {"output", "answer"},
    {"response", "answer"},
    {"result", "answer"},
    {"stable", "streak"},
    {"logprob", "signal_mean"},
    {"log_prob", "signal_mean"},
    {"logprobs", "signal_mean"},
    {"probability", "signal_mean"},
    {"likelihood", "signal_mean"},
    {"perplexity", "signal_mean"},
    {"score", "signal"},
    {"reward", "signal"},
    {"verifier", "signal"},
    {"kill", "prune"},
    {"drop", "prune"},
    {"remove", "prune"},
    {"spawn", "open"},
    {"sample", "open"},
    {"extend", "advance"},
    {"halt", "stop"},
    {"finish", "stop"},
    {"var", "let"},
    {"set", "let"},
    {"const", "let"},
    {"abort", "stop"},
    {"ternary", "if"},
    {"?", "if"},
    {"then", "if"},
    {"else", "if"},
    {"elif", "if"},
};

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::span<const Synonym> all_synonyms() { return kSynonyms; }

std::string_view word_for(std::string_view foreign) {
  for (const Synonym& each : kSynonyms) {
    if (same_letters(each.foreign, foreign)) return each.word;
  }
  return {};
}

}  // namespace genome
