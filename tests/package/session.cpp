// A controller at work on a live question, of which this program makes up the model.
#include <cstdio>
#include <evotts/session.hpp>

// Thinks for 1,200 tokens and ends with 41 in one branch of three, with 42 in the others.
evotts::Result generate(const evotts::Want& want, std::int64_t interval) {
  const char* const answer = want.branch % 3 == 0 ? "41" : "42";
  if (want.kind == evotts::WantKind::kLook) return {.branch = want.branch, .steps = {{.answer = answer}}};
  evotts::Result result{.branch = want.branch};
  const std::int64_t end = want.kind == evotts::WantKind::kRead ? 3 : want.depth + want.intervals;
  for (std::int64_t depth = want.depth + 1; depth <= end && depth * interval < 1200; ++depth)
    result.steps.push_back({.answer = answer});
  result.finished = end * interval >= 1200;
  result.answer = answer;
  result.tokens = 1200;
  return result;
}

int main() {
  evotts::Session session(evotts::Program(evotts::known_controller("cmc")), 0.5, {.interval = 500});
  while (session.next()) {
    for (const evotts::Want& want : session.wants())
      if (want.kind != evotts::WantKind::kPrune) session.give(generate(want, 500));
  }
  std::printf("%s after %lld tokens in %zu branches\n", session.answer().value_or("none").c_str(),
              static_cast<long long>(session.usage().spent), session.usage().opened);
}
