// How the kernels are made. The instructions of a program on lanes are written once, in lane_kernels.inc,
// over a Pack: as many lanes as a vector register holds, with a handful of operations. Each instruction set
// has a block below with a Pack of its own, which includes that file once more under compiler options for
// the set. So the same loops exist portable, in SSE2, in AVX2 and in AVX-512.
// A set of branches is a word with a bit for each lane. A comparison gives a few bits at a time; a choice
// by a set takes them apart again.
// lane_kernels() takes the best that the processor has; results do not depend on the choice.
#include "replay/machine/lane_kernels.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "genome/base/arithmetic.hpp"
#include "genome/base/check.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Each block below compiles lane_kernels.inc once more, on top of a handful of operations on a pack of
// lanes: `bits_*` give a bit for each lane of the pack that compares true; `blend` takes, for each lane
// whose bit is set, the first value and otherwise the second; `least_of` and `most_of` fold a pack.

namespace replay::portable {
struct Pack {
  static constexpr std::size_t kNumbers = 1, kAnswers = 1;
  using N = double;
  using A = AnswerId;
  static N load(const double* p) { return *p; }
  static N splat(double x) { return x; }
  static void store(double* p, N x) { *p = x; }
  static A load(const AnswerId* p) { return *p; }
  static A splat(AnswerId x) { return x; }
  static void store(AnswerId* p, A x) { *p = x; }
  static Mask bits_Less(N x, N y) { return x < y; }
  static Mask bits_LessEqual(N x, N y) { return x <= y; }
  static Mask bits_Greater(N x, N y) { return x > y; }
  static Mask bits_GreaterEqual(N x, N y) { return x >= y; }
  static Mask bits_Equal(N x, N y) { return x == y; }
  static Mask bits_NotEqual(N x, N y) { return x != y; }
  static Mask bits_same(A x, A y) { return x == y; }
  static N least(N x, N y) { return genome::smaller(x, y); }
  static N most(N x, N y) { return genome::larger(x, y); }
  static double least_of(N x) { return x; }
  static double most_of(N x) { return x; }
  static N blend(Mask bits, N x, N y) { return (bits & 1) != 0 ? x : y; }
  static A blend(Mask bits, A x, A y) { return (bits & 1) != 0 ? x : y; }
};
#include "replay/machine/lane_kernels.inc"
}  // namespace replay::portable

#if defined(__x86_64__)

namespace replay::sse2 {
struct Pack {
  static constexpr std::size_t kNumbers = 2, kAnswers = 4;
  using N = __m128d;
  using A = __m128i;
  static N load(const double* p) { return _mm_load_pd(p); }
  static N splat(double x) { return _mm_set1_pd(x); }
  static void store(double* p, N x) { _mm_store_pd(p, x); }
  static A load(const AnswerId* p) { return _mm_load_si128(reinterpret_cast<const __m128i*>(p)); }
  static A splat(AnswerId x) { return _mm_set1_epi32(x); }
  static void store(AnswerId* p, A x) { _mm_store_si128(reinterpret_cast<__m128i*>(p), x); }
  static Mask bits(N x) { return static_cast<Mask>(_mm_movemask_pd(x)); }
  static Mask bits_Less(N x, N y) { return bits(_mm_cmplt_pd(x, y)); }
  static Mask bits_LessEqual(N x, N y) { return bits(_mm_cmple_pd(x, y)); }
  static Mask bits_Greater(N x, N y) { return bits(_mm_cmpgt_pd(x, y)); }
  static Mask bits_GreaterEqual(N x, N y) { return bits(_mm_cmpge_pd(x, y)); }
  static Mask bits_Equal(N x, N y) { return bits(_mm_cmpeq_pd(x, y)); }
  static Mask bits_NotEqual(N x, N y) { return bits(_mm_cmpneq_pd(x, y)); }
  static Mask bits_same(A x, A y) {
    return static_cast<Mask>(_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(x, y))));
  }
  static N least(N x, N y) { return _mm_min_pd(x, y); }
  static N most(N x, N y) { return _mm_max_pd(x, y); }
  static double least_of(N x) { return _mm_cvtsd_f64(_mm_min_sd(x, _mm_unpackhi_pd(x, x))); }
  static double most_of(N x) { return _mm_cvtsd_f64(_mm_max_sd(x, _mm_unpackhi_pd(x, x))); }
  static N blend(Mask bits, N x, N y) {
    const __m128i which =
        _mm_set_epi64x(-static_cast<long long>(bits >> 1 & 1), -static_cast<long long>(bits & 1));
    const N keep = _mm_castsi128_pd(which);
    return _mm_or_pd(_mm_and_pd(keep, x), _mm_andnot_pd(keep, y));
  }
  static A blend(Mask bits, A x, A y) {
    const A place = _mm_set_epi32(8, 4, 2, 1);
    const A keep = _mm_cmpeq_epi32(_mm_and_si128(_mm_set1_epi32(static_cast<int>(bits)), place), place);
    return _mm_or_si128(_mm_and_si128(keep, x), _mm_andnot_si128(keep, y));
  }
};
#include "replay/machine/lane_kernels.inc"
}  // namespace replay::sse2

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,popcnt")
#endif
namespace replay::avx2 {
struct Pack {
  static constexpr std::size_t kNumbers = 4, kAnswers = 8;
  using N = __m256d;
  using A = __m256i;
  static N load(const double* p) { return _mm256_load_pd(p); }
  static N splat(double x) { return _mm256_set1_pd(x); }
  static void store(double* p, N x) { _mm256_store_pd(p, x); }
  static A load(const AnswerId* p) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(p)); }
  static A splat(AnswerId x) { return _mm256_set1_epi32(x); }
  static void store(AnswerId* p, A x) { _mm256_store_si256(reinterpret_cast<__m256i*>(p), x); }
  static Mask bits(N x) { return static_cast<Mask>(_mm256_movemask_pd(x)); }
  static Mask bits_Less(N x, N y) { return bits(_mm256_cmp_pd(x, y, _CMP_LT_OQ)); }
  static Mask bits_LessEqual(N x, N y) { return bits(_mm256_cmp_pd(x, y, _CMP_LE_OQ)); }
  static Mask bits_Greater(N x, N y) { return bits(_mm256_cmp_pd(x, y, _CMP_GT_OQ)); }
  static Mask bits_GreaterEqual(N x, N y) { return bits(_mm256_cmp_pd(x, y, _CMP_GE_OQ)); }
  static Mask bits_Equal(N x, N y) { return bits(_mm256_cmp_pd(x, y, _CMP_EQ_OQ)); }
  static Mask bits_NotEqual(N x, N y) { return bits(_mm256_cmp_pd(x, y, _CMP_NEQ_UQ)); }
  static Mask bits_same(A x, A y) {
    return static_cast<Mask>(
        static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(x, y)))));
  }
  static N least(N x, N y) { return _mm256_min_pd(x, y); }
  static N most(N x, N y) { return _mm256_max_pd(x, y); }
  static double least_of(N x) {
    return sse2::Pack::least_of(_mm_min_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1)));
  }
  static double most_of(N x) {
    return sse2::Pack::most_of(_mm_max_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1)));
  }
  static N blend(Mask bits, N x, N y) {
    const A place = _mm256_set_epi64x(8, 4, 2, 1);
    const A hit = _mm256_and_si256(_mm256_set1_epi64x(static_cast<long long>(bits)), place);
    return _mm256_blendv_pd(y, x, _mm256_castsi256_pd(_mm256_cmpeq_epi64(hit, place)));
  }
  static A blend(Mask bits, A x, A y) {
    const A place = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1);
    const A hit = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), place);
    return _mm256_blendv_epi8(y, x, _mm256_cmpeq_epi32(hit, place));
  }
};
#include "replay/machine/lane_kernels.inc"

}  // namespace replay::avx2
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
namespace replay::avx512 {
struct Pack {
  static constexpr std::size_t kNumbers = 8, kAnswers = 16;
  using N = __m512d;
  using A = __m512i;
  static N load(const double* p) { return _mm512_load_pd(p); }
  static N splat(double x) { return _mm512_set1_pd(x); }
  static void store(double* p, N x) { _mm512_store_pd(p, x); }
  static A load(const AnswerId* p) { return _mm512_load_si512(p); }
  static A splat(AnswerId x) { return _mm512_set1_epi32(x); }
  static void store(AnswerId* p, A x) { _mm512_store_si512(p, x); }
  static Mask bits_Less(N x, N y) { return _mm512_cmp_pd_mask(x, y, _CMP_LT_OQ); }
  static Mask bits_LessEqual(N x, N y) { return _mm512_cmp_pd_mask(x, y, _CMP_LE_OQ); }
  static Mask bits_Greater(N x, N y) { return _mm512_cmp_pd_mask(x, y, _CMP_GT_OQ); }
  static Mask bits_GreaterEqual(N x, N y) { return _mm512_cmp_pd_mask(x, y, _CMP_GE_OQ); }
  static Mask bits_Equal(N x, N y) { return _mm512_cmp_pd_mask(x, y, _CMP_EQ_OQ); }
  static Mask bits_NotEqual(N x, N y) { return _mm512_cmp_pd_mask(x, y, _CMP_NEQ_UQ); }
  static Mask bits_same(A x, A y) { return _mm512_cmpeq_epi32_mask(x, y); }
  // GCC 12 warns of what the forms without a mask leave undefined.
  static N least(N x, N y) { return _mm512_maskz_min_pd(0xFF, x, y); }
  static N most(N x, N y) { return _mm512_maskz_max_pd(0xFF, x, y); }
  static __m256d lower_half(N x) { return _mm512_maskz_extractf64x4_pd(0xF, x, 0); }
  static __m256d upper_half(N x) { return _mm512_maskz_extractf64x4_pd(0xF, x, 1); }
  static double least_of(N x) { return avx2::Pack::least_of(_mm256_min_pd(lower_half(x), upper_half(x))); }
  static double most_of(N x) { return avx2::Pack::most_of(_mm256_max_pd(lower_half(x), upper_half(x))); }
  static N blend(Mask bits, N x, N y) { return _mm512_mask_blend_pd(static_cast<__mmask8>(bits), y, x); }
  static A blend(Mask bits, A x, A y) { return _mm512_mask_blend_epi32(static_cast<__mmask16>(bits), y, x); }
};
#include "replay/machine/lane_kernels.inc"

// group_votes() where an answer fits two bytes: two comparisons look at all branches.
std::size_t group_middling_votes(const AnswerId* answers, Mask set, std::size_t opened,
                                 std::size_t answers_known, const Grouped& to) {
  constexpr std::size_t kMost = 65535;  // the last number is that of no answer
  if (answers_known > kMost) return group_votes(answers, set, opened, answers_known, to);
  const auto words = [&](std::size_t first) {
    const __m256i lower = _mm512_maskz_cvtepi32_epi16(0xFFFF, _mm512_load_si512(answers + first));
    const __m256i upper = _mm512_maskz_cvtepi32_epi16(0xFFFF, _mm512_load_si512(answers + first + 16));
    return _mm512_maskz_inserti64x4(0xFF, _mm512_castsi256_si512(lower), upper, 1);
  };
  const __m512i first = words(0), second = words(32);
  return grouped_by(answers, set, to, [&](AnswerId answer) -> Mask {
    const __m512i one = _mm512_set1_epi16(static_cast<short>(answer));
    return Mask{_mm512_cmpeq_epi16_mask(first, one)} | Mask{_mm512_cmpeq_epi16_mask(second, one)} << 32;
  });
}
// The same where it fits a byte: one comparison does.
std::size_t group_small_votes(const AnswerId* answers, Mask set, std::size_t opened,
                              std::size_t answers_known, const Grouped& to) {
  constexpr std::size_t kMost = 255;  // as above
  if (answers_known > kMost) return group_middling_votes(answers, set, opened, answers_known, to);
  alignas(64) std::array<std::uint8_t, kMaxOpened> bytes;
  for (std::size_t i = 0; i < kMaxOpened; i += 16)
    _mm_store_si128(reinterpret_cast<__m128i*>(bytes.data() + i),
                    _mm512_maskz_cvtepi32_epi8(0xFFFF, _mm512_load_si512(answers + i)));
  const __m512i all = _mm512_load_si512(bytes.data());
  return grouped_by(answers, set, to, [&](AnswerId answer) -> Mask {
    return _mm512_cmpeq_epi8_mask(all, _mm512_set1_epi8(static_cast<char>(answer)));
  });
}

}  // namespace replay::avx512
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif

namespace replay {
namespace {

std::vector<LaneKernels> kernels_here() {
  std::vector<LaneKernels> here{{portable_steps(), "portable", portable::run_lanes, portable::group_votes,
                                 portable::extreme<true>, portable::extreme<false>, portable::other_answers,
                                 portable::other_numbers, portable::blank_lanes}};
#if defined(__x86_64__)
  here.push_back({portable_steps(), "sse2", sse2::run_lanes, sse2::group_votes, sse2::extreme<true>,
                  sse2::extreme<false>, sse2::other_answers, sse2::other_numbers, sse2::blank_lanes});
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
    here.push_back({avx2_steps(), "avx2", avx2::run_lanes, avx2::group_votes, avx2::extreme<true>,
                    avx2::extreme<false>, avx2::other_answers, avx2::other_numbers, avx2::blank_lanes});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    here.push_back({avx512_steps(), "avx512", avx512::run_lanes, avx512::group_small_votes,
                    avx512::extreme<true>, avx512::extreme<false>, avx512::other_answers,
                    avx512::other_numbers, avx512::blank_lanes});
#endif
  return here;
}

}  // namespace

std::span<const LaneKernels> all_lane_kernels() {
  static const std::vector<LaneKernels> kernels = kernels_here();
  return kernels;
}

const LaneKernels& lane_kernels() {
  static const LaneKernels& chosen = []() -> const LaneKernels& {
    const char* asked = std::getenv("EVOTTS_SIMD");
    for (const LaneKernels& kernels : all_lane_kernels()) {
      if (asked != nullptr && kernels.name == asked) return kernels;
    }
    return all_lane_kernels().back();
  }();
  return chosen;
}

}  // namespace replay
