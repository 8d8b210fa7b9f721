// The kernels of every instruction set do what the portable ones do, and those what they are said to do.
#include "replay/machine/lane_kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck.h>
#include <vector>

#include "tests/support/varied.hpp"

namespace replay {
namespace {

using tests::any_stream;
using tests::chance;
using tests::one_of;
using tests::Rng;
using tests::uniform_index;
using tests::uniform_int;

// Few, many or all of the first `opened`.
Mask any_set(Rng& rng, std::size_t opened) {
  const double share = one_of(rng, {0.05, 0.3, 0.8, 1.0});
  Mask set = 0;
  for (std::size_t lane = 0; lane < opened; ++lane) set |= chance(rng, share) ? bit(lane) : 0;
  return set;
}

// So many opened branches somewhere in recordings of up to nine probes each.
struct Standing {
  std::size_t opened;
  StepLanes steps;
  std::vector<AnswerId> probes;
  AnswerLanes answers;
  NumberLanes streaks, changes, depth, tokens;

  explicit Standing(Rng& rng) : opened(1 + uniform_index(rng, kMaxOpened)) {
    for (std::size_t lane = 0; lane < opened; ++lane) {
      const auto length = static_cast<std::int32_t>(uniform_int(rng, 1, 9));
      steps.first[lane] = static_cast<std::int32_t>(probes.size());
      steps.length[lane] = length;
      steps.taken[lane] = static_cast<std::int32_t>(uniform_int(rng, 1, length));
      steps.shown[lane] = static_cast<std::int32_t>(uniform_int(rng, 1, steps.taken[lane]));
      steps.before[lane] = static_cast<std::int32_t>(uniform_int(rng, 0, steps.taken[lane]));
      for (std::int32_t i = 0; i < length; ++i)
        probes.push_back(static_cast<AnswerId>(uniform_index(rng, 4)));
      answers[lane] = static_cast<AnswerId>(uniform_int(rng, -1, 3));
      streaks[lane] = static_cast<double>(uniform_index(rng, 3));
      changes[lane] = static_cast<double>(uniform_index(rng, 3));
      depth[lane] = steps.taken[lane];
      tokens[lane] = static_cast<double>(uniform_index(rng, 1000));
    }
  }
};

template <typename T>
std::vector<T> of_opened(const T* lanes, std::size_t opened) {
  return {lanes, lanes + opened};
}

void compare_steps(Rng& rng, const LaneKernels& kernels, const LaneKernels& portable) {
  const Standing before(rng);
  NumberLanes by;
  for (double& steps : by.at) steps = one_of(rng, {-1.0, 0.0, 0.5, 1.0, 1.0, 2.9, 7.0, 1e300});
  const double interval = one_of(rng, {1.0, 500.0, 4e9});
  const bool depth = chance(rng, 0.5), tokens = chance(rng, 0.5), by_depth = chance(rng, 0.2);
  const Advance asked{.set = any_set(rng, before.opened),
                      .by = chance(rng, 0.5) ? by.at.data() : nullptr,
                      .by_all = static_cast<std::int32_t>(uniform_int(rng, 0, 3)),
                      .probing = chance(rng, 0.5),
                      .opened = before.opened,
                      .stepped = any_set(rng, before.opened)};
  Standing found = before, expected = before;
  const auto advance = [&](const LaneKernels& with, Standing& in) {
    Advance here = asked;
    if (depth) here.depth = in.depth.at.data();
    if (tokens) here.tokens = in.tokens.at.data();
    if (by_depth) here.by = in.depth.at.data();
    here.interval = interval;
    return with.advance(in.steps, here);
  };
  const Advanced moved = advance(kernels, found);
  const Advanced told = advance(portable, expected);
  RC_ASSERT(moved.moving == told.moving);
  RC_ASSERT(moved.ending == told.ending);
  RC_ASSERT(moved.steps == told.steps);
  RC_ASSERT(moved.longest == told.longest);
  RC_ASSERT(of_opened(found.steps.taken.data(), before.opened) ==
            of_opened(expected.steps.taken.data(), before.opened));
  RC_ASSERT(of_opened(found.steps.shown.data(), before.opened) ==
            of_opened(expected.steps.shown.data(), before.opened));
  for_each_lane(told.moving & ~told.ending, [&](std::size_t lane) {
    RC_ASSERT(found.steps.before[lane] == expected.steps.before[lane]);
  });
  for_each_lane(asked.stepped,
                [&](std::size_t lane) { RC_ASSERT(found.steps.before[lane] == before.steps.before[lane]); });
  RC_ASSERT(of_opened(found.depth.at.data(), before.opened) ==
            of_opened(expected.depth.at.data(), before.opened));
  RC_ASSERT(of_opened(found.tokens.at.data(), before.opened) ==
            of_opened(expected.tokens.at.data(), before.opened));
}

void compare_surveys(Rng& rng, const LaneKernels& kernels, const LaneKernels& portable) {
  const Standing at(rng);
  const Mask set = any_set(rng, at.opened);
  const auto by = one_of(rng, {0, 1, 2, 5, std::numeric_limits<std::int32_t>::max()});
  const Surveyed found = kernels.survey(at.steps, set, at.opened, by);
  const Surveyed expected = portable.survey(at.steps, set, at.opened, by);
  RC_ASSERT(found.ending == expected.ending);
  RC_ASSERT(found.left == expected.left);
  RC_ASSERT(found.least == expected.least);
  RC_ASSERT(found.most == expected.most);
  RC_ASSERT(found.going == expected.going);
}

void compare_shows(Rng& rng, const LaneKernels& kernels, const LaneKernels& portable) {
  const Standing before(rng);
  const Mask hidden = any_set(rng, before.opened);
  Behind behind{.steps = 1};
  for (std::size_t lane = 0; lane < before.opened; ++lane)
    if (before.steps.taken[lane] < before.steps.length[lane] && chance(rng, 0.5)) behind.set |= bit(lane);
  Standing found = before, expected = before;
  const auto show = [&](const LaneKernels& by, Standing& in) {
    return by.show(in.steps, hidden, before.opened, before.probes.data(), in.answers.at.data(), behind);
  };
  RC_ASSERT(show(kernels, found) == show(portable, expected));
  for_each_lane(hidden & behind.set, [&](std::size_t lane) {
    const std::int32_t at = before.steps.first[lane] + before.steps.taken[lane];
    RC_ASSERT(found.answers[lane] == before.probes[static_cast<std::size_t>(at)]);
  });
  RC_ASSERT(of_opened(found.answers.at.data(), before.opened) ==
            of_opened(expected.answers.at.data(), before.opened));
  found = expected = before;
  const auto counted = [&](const LaneKernels& by, Standing& in) {
    return by.show_counted(in.steps, hidden, before.opened, before.probes.data(), in.answers.at.data(),
                           {in.streaks.at.data(), in.changes.at.data()});
  };
  RC_ASSERT(counted(kernels, found) == counted(portable, expected));
  RC_ASSERT(of_opened(found.answers.at.data(), before.opened) ==
            of_opened(expected.answers.at.data(), before.opened));
  RC_ASSERT(of_opened(found.streaks.at.data(), before.opened) ==
            of_opened(expected.streaks.at.data(), before.opened));
  RC_ASSERT(of_opened(found.changes.at.data(), before.opened) ==
            of_opened(expected.changes.at.data(), before.opened));
}

// Against groups that are made of one vote after another.
void compare_votes(Rng& rng, const LaneKernels& kernels) {
  const std::size_t opened = 1 + uniform_index(rng, kMaxOpened);
  const auto most = one_of(rng, {0, 2, 9, 254, 255, 300, 65534, 65535});
  AnswerLanes answers;
  for (AnswerId& answer : answers.at) answer = static_cast<AnswerId>(uniform_int(rng, -1, most));
  const Mask set = any_set(rng, opened);
  std::vector<AnswerId> expected;
  for_each_lane(set, [&](std::size_t lane) {
    if (answers[lane] != kNoAnswer && std::ranges::find(expected, answers[lane]) == expected.end())
      expected.push_back(answers[lane]);
  });
  std::array<AnswerId, kMaxOpened> seen;
  std::array<Mask, kMaxOpened> voters;
  std::array<double, kMaxOpened> votes;
  const std::size_t count =
      kernels.group_votes(answers.at.data(), set, opened, static_cast<std::size_t>(most + 1),
                          {seen.data(), voters.data(), votes.data()});
  RC_ASSERT(std::vector(seen.begin(), seen.begin() + count) == expected);
  for (std::size_t i = 0; i < count; ++i) {
    RC_ASSERT(votes[i] == std::popcount(voters[i]));
    for (std::size_t lane = 0; lane < opened; ++lane)
      RC_ASSERT((voters[i] >> lane & 1) == ((set >> lane & 1) & Mask{answers[lane] == seen[i]}));
  }
}

void compare_differences(Rng& rng, const LaneKernels& kernels) {
  const std::size_t opened = 1 + uniform_index(rng, kMaxOpened);
  AnswerLanes answers, others;
  NumberLanes numbers, other_numbers;
  const BlankAnswers blanks = {one_of(rng, {0, 2, kNoSuchAnswer}), one_of(rng, {1, kNoSuchAnswer}),
                               one_of(rng, {3, kNoSuchAnswer})};
  Mask differ = 0, numbers_differ = 0, blank = 0;
  for (std::size_t lane = 0; lane < kMaxOpened; ++lane) {
    answers[lane] = static_cast<AnswerId>(uniform_int(rng, -1, 3));
    others[lane] = chance(rng, 0.5) ? answers[lane] : static_cast<AnswerId>(uniform_int(rng, -1, 3));
    numbers[lane] = one_of(rng, {0.0, -0.0, 1.0, 1e300});
    other_numbers[lane] = chance(rng, 0.5) ? numbers[lane] : one_of(rng, {0.0, 1.0, 2.0});
    differ |= Mask{answers[lane] != others[lane]} << lane;
    numbers_differ |= Mask{numbers[lane] != other_numbers[lane]} << lane;
    blank |= Mask{answers[lane] != kNoAnswer && std::ranges::find(blanks, answers[lane]) != blanks.end()}
             << lane;
  }
  const Mask here = first_lanes(opened);
  RC_ASSERT((kernels.other_answers(answers.at.data(), others.at.data(), opened) & here) == (differ & here));
  RC_ASSERT((kernels.other_numbers(numbers.at.data(), other_numbers.at.data(), opened) & here) ==
            (numbers_differ & here));
  RC_ASSERT((kernels.blank_lanes(answers.at.data(), opened, blanks) & here) == (blank & here));
}

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

// Bit for bit, signs of zeros too.
void compare_extremes(Rng& rng, const LaneKernels& kernels) {
  const std::size_t opened = 1 + uniform_index(rng, kMaxOpened);
  const double infinite = std::numeric_limits<double>::infinity();
  const bool zeros = chance(rng, 0.5);
  NumberLanes values;
  for (double& x : values.at)
    x = zeros ? one_of(rng, {0.0, -0.0}) : one_of(rng, {0.0, -0.0, 1.0, -1.0, 2.5, infinite, -infinite});
  const Mask set = any_set(rng, opened) | bit(uniform_index(rng, opened));
  double least = values[static_cast<std::size_t>(std::countr_zero(set))], most = least;
  for_each_lane(set & (set - 1), [&](std::size_t lane) {
    least = genome::smaller(least, values[lane]);
    most = genome::larger(most, values[lane]);
  });
  RC_ASSERT(bits(kernels.smallest(values.at.data(), set, opened)) == bits(least));
  RC_ASSERT(bits(kernels.largest(values.at.data(), set, opened)) == bits(most));
}

TEST(LaneKernels, AgreeOnEveryInstructionSet) {
  const LaneKernels& portable = all_lane_kernels().front();
  for (const LaneKernels& kernels : all_lane_kernels()) {
    EXPECT_TRUE(rc::check(std::string(kernels.name), [&] {
      Rng rng = any_stream();
      for (int i = 0; i < 20; ++i) {
        compare_steps(rng, kernels, portable);
        compare_surveys(rng, kernels, portable);
        compare_shows(rng, kernels, portable);
        compare_votes(rng, kernels);
        compare_differences(rng, kernels);
        compare_extremes(rng, kernels);
      }
    }));
  }
}

}  // namespace
}  // namespace replay
