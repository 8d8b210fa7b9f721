// The steps of an episode are whole numbers that no program sees. What is done to them is written lane by
// lane, which says what it means, and eight lanes at a time in AVX2; advance and survey also in AVX-512.
#include "replay/machine/step_kernels.hpp"

#include <algorithm>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace replay {
namespace {

Advanced advance_one_by_one(StepLanes& lanes, const Advance& a) {
  Advanced done;
  for_each_lane(a.set, [&](std::size_t i) {
    const std::int32_t by = a.by == nullptr ? a.by_all : steps_from(a.by[i]);
    if (by <= 0) return;
    done.moving |= bit(i);
    if (by > lanes.length[i] - lanes.taken[i]) {
      done.ending |= bit(i);
      return;
    }
    if ((a.stepped >> i & 1) == 0) lanes.before[i] = lanes.taken[i];
    lanes.taken[i] += by;
    if (a.probing) lanes.shown[i] = lanes.taken[i];
    done.steps += by;
    done.longest = std::max(done.longest, lanes.taken[i] - lanes.before[i]);
    if (a.depth != nullptr) a.depth[i] = lanes.taken[i];
    if (a.tokens != nullptr) a.tokens[i] = lanes.taken[i] * a.interval;
  });
  return done;
}

Surveyed survey_one_by_one(const StepLanes& lanes, Mask set, std::size_t, std::int32_t by) {
  Surveyed seen;
  for_each_lane(set, [&](std::size_t i) {
    const std::int32_t left = lanes.length[i] - lanes.taken[i];
    if (by > left) {
      seen.ending |= bit(i);
      return;
    }
    seen.left = std::min(seen.left, left);
    seen.least = std::min(seen.least, lanes.taken[i]);
    seen.most = std::max(seen.most, lanes.taken[i]);
    ++seen.going;
  });
  return seen;
}

Mask show_one_by_one(const StepLanes& lanes, Mask hidden, std::size_t, const AnswerId* probes,
                     AnswerId* answers, const Behind& behind) {
  Mask revised = 0;
  for_each_lane(hidden, [&](std::size_t i) {
    const bool is_behind = (behind.set >> i & 1) != 0;
    const std::int32_t shown = is_behind ? lanes.taken[i] + behind.steps : lanes.shown[i];
    const AnswerId now = probes[lanes.first[i] + shown - 1];
    revised |= Mask{answers[i] != now} << i;
    answers[i] = now;
  });
  return revised;
}

Mask show_counted_one_by_one(const StepLanes& lanes, Mask hidden, std::size_t, const AnswerId* probes,
                             AnswerId* answers, const Runs& runs) {
  Mask revised = 0;
  for_each_lane(hidden, [&](std::size_t i) {
    const AnswerId now = probes[lanes.first[i] + lanes.shown[i] - 1];
    const bool same = answers[i] == now, first = runs.streak[i] == 0;
    runs.streak[i] = same ? runs.streak[i] + 1 : 1;
    runs.changes[i] += same || first ? 0 : 1;
    revised |= Mask{!same} << i;
    answers[i] = now;
  });
  return revised;
}

}  // namespace

const StepKernels& portable_steps() {
  static constexpr StepKernels kernels{advance_one_by_one, survey_one_by_one, show_one_by_one,
                                       show_counted_one_by_one};
  return kernels;
}

}  // namespace replay

#if defined(__x86_64__)

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,popcnt")
#endif
namespace replay {
namespace {
namespace avx2 {

inline __m256i load(const std::array<std::int32_t, kMaxOpened>& from, std::size_t i) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(from.data() + i));
}
inline void store(std::array<std::int32_t, kMaxOpened>& to, std::size_t i, __m256i x) {
  _mm256_store_si256(reinterpret_cast<__m256i*>(to.data() + i), x);
}
inline Mask bits(__m256i x) {
  return static_cast<Mask>(static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(x))));
}
// steps_from of four numbers
inline __m128i four_steps(const double* from) {
  const __m256d x = _mm256_max_pd(_mm256_load_pd(from), _mm256_setzero_pd());
  return _mm256_cvttpd_epi32(_mm256_min_pd(x, _mm256_set1_pd(2147483647.0)));
}

// The sum of eight whole numbers, the smallest and the largest of them.
inline std::int32_t sum_of(__m256i x) {
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
  return _mm_cvtsi128_si32(_mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1)));
}
inline std::int32_t least_of(__m256i x) {
  __m128i half = _mm_min_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  half = _mm_min_epi32(half, _mm_shuffle_epi32(half, 0x4E));
  return _mm_cvtsi128_si32(_mm_min_epi32(half, _mm_shuffle_epi32(half, 0xB1)));
}
inline std::int32_t most_of(__m256i x) {
  __m128i half = _mm_max_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  half = _mm_max_epi32(half, _mm_shuffle_epi32(half, 0x4E));
  return _mm_cvtsi128_si32(_mm_max_epi32(half, _mm_shuffle_epi32(half, 0xB1)));
}

// Advance::depth and tokens of four lanes from i.
inline void tell_four(const Advance& a, std::size_t i, __m128i taken, __m128i going) {
  const __m256d depth = _mm256_cvtepi32_pd(taken);
  if (a.depth != nullptr) _mm256_store_pd(a.depth + i, depth);
  if (a.tokens == nullptr) return;
  const __m256d tokens = _mm256_mul_pd(depth, _mm256_set1_pd(a.interval));
  const __m256d moved = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(going));
  _mm256_store_pd(a.tokens + i, _mm256_blendv_pd(_mm256_load_pd(a.tokens + i), tokens, moved));
}

// advance_one_by_one, eight lanes at a time.
Advanced advance(StepLanes& lanes, const Advance& a) {
  const __m256i places = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1), zero = _mm256_setzero_si256();
  Advanced done;
  __m256i steps = zero, longest = zero;
  for (std::size_t i = 0; i < a.opened; i += 8) {
    if ((a.set >> i & 0xFF) == 0) continue;
    const __m256i here = _mm256_set1_epi32(static_cast<int>(a.set >> i & 0xFF));
    const __m256i in = _mm256_cmpeq_epi32(_mm256_and_si256(here, places), places);
    const __m256i by = a.by == nullptr ? _mm256_set1_epi32(a.by_all)
                                       : _mm256_set_m128i(four_steps(a.by + i + 4), four_steps(a.by + i));
    const __m256i taken = load(lanes.taken, i), left = _mm256_sub_epi32(load(lanes.length, i), taken);
    const __m256i moving = _mm256_and_si256(in, _mm256_cmpgt_epi32(by, zero));
    const __m256i ending = _mm256_and_si256(moving, _mm256_cmpgt_epi32(by, left));
    const __m256i going = _mm256_andnot_si256(ending, moving);
    const __m256i step = _mm256_and_si256(going, by);
    const __m256i now = _mm256_add_epi32(taken, step);
    steps = _mm256_add_epi32(steps, step);
    const __m256i stepped = _mm256_set1_epi32(static_cast<int>(a.stepped >> i & 0xFF));
    const __m256i kept = _mm256_cmpeq_epi32(_mm256_and_si256(stepped, places), places);
    const __m256i before = _mm256_blendv_epi8(taken, load(lanes.before, i), kept);
    longest = _mm256_max_epi32(longest, _mm256_and_si256(going, _mm256_sub_epi32(now, before)));
    store(lanes.before, i, before);
    store(lanes.taken, i, now);
    if (a.probing) store(lanes.shown, i, _mm256_blendv_epi8(load(lanes.shown, i), now, going));
    if (a.depth != nullptr || a.tokens != nullptr) {
      tell_four(a, i, _mm256_castsi256_si128(now), _mm256_castsi256_si128(going));
      tell_four(a, i + 4, _mm256_extracti128_si256(now, 1), _mm256_extracti128_si256(going, 1));
    }
    done.moving |= bits(moving) << i;
    done.ending |= bits(ending) << i;
  }
  done.steps = sum_of(steps);
  done.longest = most_of(longest);
  return done;
}

// survey_one_by_one, eight lanes at a time.
Surveyed survey(const StepLanes& lanes, Mask set, std::size_t opened, std::int32_t by) {
  const __m256i places = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1), asked = _mm256_set1_epi32(by);
  const __m256i none = _mm256_set1_epi32(std::numeric_limits<std::int32_t>::max());
  __m256i fewest = none, least = none, most = _mm256_setzero_si256();
  Surveyed seen;
  for (std::size_t i = 0; i < opened; i += 8) {
    if ((set >> i & 0xFF) == 0) continue;
    const __m256i here = _mm256_set1_epi32(static_cast<int>(set >> i & 0xFF));
    const __m256i in = _mm256_cmpeq_epi32(_mm256_and_si256(here, places), places);
    const __m256i taken = load(lanes.taken, i), left = _mm256_sub_epi32(load(lanes.length, i), taken);
    const __m256i ending = _mm256_and_si256(in, _mm256_cmpgt_epi32(asked, left));
    const __m256i others = _mm256_andnot_si256(ending, in);
    fewest = _mm256_min_epi32(fewest, _mm256_blendv_epi8(none, left, others));
    least = _mm256_min_epi32(least, _mm256_blendv_epi8(none, taken, others));
    most = _mm256_max_epi32(most, _mm256_and_si256(taken, others));
    seen.ending |= bits(ending) << i;
  }
  seen.left = least_of(fewest);
  seen.least = least_of(least);
  seen.most = most_of(most);
  seen.going = std::popcount(set & ~seen.ending);
  return seen;
}

// Eight lanes from i: the hidden ones take the answers of their latest probe. Eight plain loads are quicker
// than the instruction that gathers.
struct Shown {
  __m256i hidden, same;  // all bits of a lane, or none
};
inline Shown show_eight(const StepLanes& lanes, Mask hidden, std::size_t i, const AnswerId* probes,
                        AnswerId* answers, const Behind& behind) {
  const __m256i places = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1);
  const __m256i here = _mm256_set1_epi32(static_cast<int>(hidden >> i & 0xFF));
  const __m256i in = _mm256_cmpeq_epi32(_mm256_and_si256(here, places), places);
  alignas(32) std::array<std::int32_t, 8> at;  // of the others: the first of all probes, which is there
  const __m256i those = _mm256_set1_epi32(static_cast<int>(behind.set >> i & 0xFF));
  const __m256i is_behind = _mm256_cmpeq_epi32(_mm256_and_si256(those, places), places);
  const __m256i further = _mm256_add_epi32(load(lanes.taken, i), _mm256_set1_epi32(behind.steps));
  const __m256i shown = _mm256_blendv_epi8(load(lanes.shown, i), further, is_behind);
  const __m256i last = _mm256_add_epi32(load(lanes.first, i), shown);
  _mm256_store_si256(reinterpret_cast<__m256i*>(at.data()),
                     _mm256_and_si256(_mm256_sub_epi32(last, _mm256_set1_epi32(1)), in));
  const __m256i probed = _mm256_set_epi32(probes[at[7]], probes[at[6]], probes[at[5]], probes[at[4]],
                                          probes[at[3]], probes[at[2]], probes[at[1]], probes[at[0]]);
  __m256i* const lane = reinterpret_cast<__m256i*>(answers + i);
  const __m256i before = _mm256_load_si256(lane);
  const __m256i now = _mm256_blendv_epi8(before, probed, in);
  _mm256_store_si256(lane, now);
  return {in, _mm256_cmpeq_epi32(now, before)};
}

// show_one_by_one, eight lanes at a time unless there are few.
constexpr int kFewLanes = 4;
Mask show(const StepLanes& lanes, Mask hidden, std::size_t opened, const AnswerId* probes, AnswerId* answers,
          const Behind& behind) {
  Mask revised = 0;
  for (std::size_t i = 0; i < opened; i += 8) {
    const Mask here = hidden & Mask{0xFF} << i;
    if (here == 0) continue;
    if (std::popcount(here) <= kFewLanes)
      revised |= show_one_by_one(lanes, here, opened, probes, answers, behind);
    else
      revised |= (bits(show_eight(lanes, hidden, i, probes, answers, behind).same) ^ 0xFF) << i;
  }
  return revised;
}

// Four lanes of `runs`: those of `in`, whose answer is the same as before where `same`.
inline void count_run(double* streaks, double* changes, __m128i in, __m128i same) {
  const __m256d zero = _mm256_setzero_pd(), one = _mm256_set1_pd(1);
  const __m256d counted = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(in));
  const __m256d stays = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(same));
  const __m256d streak = _mm256_load_pd(streaks);
  const __m256d longer = _mm256_blendv_pd(one, _mm256_add_pd(streak, one), stays);
  const __m256d first = _mm256_cmp_pd(streak, zero, _CMP_EQ_OQ);
  const __m256d changed = _mm256_andnot_pd(_mm256_or_pd(stays, first), counted);
  _mm256_store_pd(streaks, _mm256_blendv_pd(streak, longer, counted));
  _mm256_store_pd(changes, _mm256_add_pd(_mm256_load_pd(changes), _mm256_and_pd(changed, one)));
}

// show_counted_one_by_one, eight lanes at a time.
Mask show_counted(const StepLanes& lanes, Mask hidden, std::size_t opened, const AnswerId* probes,
                  AnswerId* answers, const Runs& runs) {
  Mask revised = 0;
  for (std::size_t i = 0; i < opened; i += 8) {
    if ((hidden >> i & 0xFF) == 0) continue;
    const Shown shown = show_eight(lanes, hidden, i, probes, answers, {});
    revised |= (bits(shown.same) ^ 0xFF) << i;
    count_run(runs.streak + i, runs.changes + i, _mm256_castsi256_si128(shown.hidden),
              _mm256_castsi256_si128(shown.same));
    count_run(runs.streak + i + 4, runs.changes + i + 4, _mm256_extracti128_si256(shown.hidden, 1),
              _mm256_extracti128_si256(shown.same, 1));
  }
  return revised;
}

}  // namespace avx2
}  // namespace
}  // namespace replay
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#ifdef __clang__
// clang-format off
#pragma clang attribute push(__attribute__((target( \
    "avx512f,avx512dq,avx512vl,avx512bw,avx2,bmi,bmi2,popcnt"))), apply_to = function)
// clang-format on
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw,avx2,bmi,bmi2,popcnt,prefer-vector-width=512")
#endif
namespace replay {
namespace {
namespace avx512 {

inline __m512i load(const std::array<std::int32_t, kMaxOpened>& from, std::size_t i) {
  return _mm512_load_si512(from.data() + i);
}
// steps_from of eight numbers
inline __m256i eight_steps(const double* from) {
  const __m512d x = _mm512_maskz_max_pd(0xFF, _mm512_load_pd(from), _mm512_setzero_pd());
  return _mm512_maskz_cvttpd_epi32(0xFF, _mm512_maskz_min_pd(0xFF, x, _mm512_set1_pd(2147483647.0)));
}

inline __m256i lower_half(__m512i x) { return _mm512_maskz_extracti64x4_epi64(0xF, x, 0); }
inline __m256i upper_half(__m512i x) { return _mm512_maskz_extracti64x4_epi64(0xF, x, 1); }

// Advance::depth and tokens of eight lanes from i.
inline void tell_eight(const Advance& a, std::size_t i, __m256i taken, __mmask8 going) {
  const __m512d depth = _mm512_maskz_cvtepi32_pd(0xFF, taken);
  if (a.depth != nullptr) _mm512_store_pd(a.depth + i, depth);
  if (a.tokens != nullptr)
    _mm512_mask_store_pd(a.tokens + i, going, _mm512_mul_pd(depth, _mm512_set1_pd(a.interval)));
}

// advance_one_by_one, sixteen lanes at a time.
Advanced advance(StepLanes& lanes, const Advance& a) {
  Advanced done;
  __m512i steps = _mm512_setzero_si512(), longest = steps;
  for (std::size_t i = 0; i < a.opened; i += 16) {
    const auto in = static_cast<__mmask16>(a.set >> i);
    if (in == 0) continue;
    const __m512i by = a.by == nullptr
                           ? _mm512_set1_epi32(a.by_all)
                           : _mm512_maskz_inserti64x4(0xFF, _mm512_castsi256_si512(eight_steps(a.by + i)),
                                                      eight_steps(a.by + i + 8), 1);
    const __m512i taken = load(lanes.taken, i), left = _mm512_sub_epi32(load(lanes.length, i), taken);
    const __mmask16 moving = _mm512_mask_cmpgt_epi32_mask(in, by, _mm512_setzero_si512());
    const __mmask16 ending = _mm512_mask_cmpgt_epi32_mask(moving, by, left);
    const __mmask16 going = _kandn_mask16(ending, moving);
    const __m512i now = _mm512_add_epi32(taken, by);
    steps = _mm512_mask_add_epi32(steps, going, steps, by);
    const __m512i before =
        _mm512_mask_mov_epi32(taken, static_cast<__mmask16>(a.stepped >> i), load(lanes.before, i));
    longest = _mm512_mask_max_epi32(longest, going, longest, _mm512_sub_epi32(now, before));
    _mm512_store_si512(lanes.before.data() + i, before);
    _mm512_mask_store_epi32(lanes.taken.data() + i, going, now);
    if (a.probing) _mm512_mask_store_epi32(lanes.shown.data() + i, going, now);
    if (a.depth != nullptr || a.tokens != nullptr) {
      const __m512i then = _mm512_mask_blend_epi32(going, taken, now);
      tell_eight(a, i, lower_half(then), static_cast<__mmask8>(going));
      tell_eight(a, i + 8, upper_half(then), static_cast<__mmask8>(going >> 8));
    }
    done.moving |= Mask{moving} << i;
    done.ending |= Mask{ending} << i;
  }
  done.steps = avx2::sum_of(_mm256_add_epi32(lower_half(steps), upper_half(steps)));
  done.longest = avx2::most_of(_mm256_max_epi32(lower_half(longest), upper_half(longest)));
  return done;
}

// survey_one_by_one, sixteen lanes at a time.
Surveyed survey(const StepLanes& lanes, Mask set, std::size_t opened, std::int32_t by) {
  const __m512i asked = _mm512_set1_epi32(by);
  const __m512i none = _mm512_set1_epi32(std::numeric_limits<std::int32_t>::max());
  __m512i fewest = none, least = none, most = _mm512_setzero_si512();
  Surveyed seen;
  for (std::size_t i = 0; i < opened; i += 16) {
    const auto in = static_cast<__mmask16>(set >> i);
    if (in == 0) continue;
    const __m512i taken = load(lanes.taken, i), left = _mm512_sub_epi32(load(lanes.length, i), taken);
    const __mmask16 ending = _mm512_mask_cmpgt_epi32_mask(in, asked, left);
    const __mmask16 others = _kandn_mask16(ending, in);
    fewest = _mm512_mask_min_epi32(fewest, others, fewest, left);
    least = _mm512_mask_min_epi32(least, others, least, taken);
    most = _mm512_mask_max_epi32(most, others, most, taken);
    seen.ending |= Mask{ending} << i;
  }
  seen.left = avx2::least_of(_mm256_min_epi32(lower_half(fewest), upper_half(fewest)));
  seen.least = avx2::least_of(_mm256_min_epi32(lower_half(least), upper_half(least)));
  seen.most = avx2::most_of(_mm256_max_epi32(lower_half(most), upper_half(most)));
  seen.going = std::popcount(set & ~seen.ending);
  return seen;
}

}  // namespace avx512
}  // namespace
}  // namespace replay
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace replay {

const StepKernels& avx2_steps() {
  static constexpr StepKernels kernels{avx2::advance, avx2::survey, avx2::show, avx2::show_counted};
  return kernels;
}

// Where an answer is looked up, eight at a time are quicker.
const StepKernels& avx512_steps() {
  static constexpr StepKernels kernels{avx512::advance, avx512::survey, avx2::show, avx2::show_counted};
  return kernels;
}

}  // namespace replay

#endif
