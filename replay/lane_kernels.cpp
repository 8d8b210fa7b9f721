#include "replay/lane_kernels.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

#include "genome/arithmetic.hpp"
#include "genome/base/check.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Each block below compiles lane_kernels.inc once more, on top of a handful of operations on a pack of
// lanes: `bits_*` give a bit for each lane of the pack that compares true; `blend` takes, for each lane
// whose bit is set, the first value and otherwise the second.

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
  static N blend(Mask bits, N x, N y) { return (bits & 1) != 0 ? x : y; }
  static A blend(Mask bits, A x, A y) { return (bits & 1) != 0 ? x : y; }
};
#include "replay/lane_kernels.inc"
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
#include "replay/lane_kernels.inc"
}  // namespace replay::sse2

#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,popcnt")
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
#include "replay/lane_kernels.inc"
}  // namespace replay::avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw,avx2,bmi,bmi2,popcnt,prefer-vector-width=512")
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
  static N blend(Mask bits, N x, N y) { return _mm512_mask_blend_pd(static_cast<__mmask8>(bits), y, x); }
  static A blend(Mask bits, A x, A y) { return _mm512_mask_blend_epi32(static_cast<__mmask16>(bits), y, x); }
};
#include "replay/lane_kernels.inc"
}  // namespace replay::avx512
#pragma GCC pop_options

#endif

namespace replay {
namespace {

std::vector<NamedKernel> kernels_here() {
  std::vector<NamedKernel> here{{"portable", portable::run_lanes}};
#if defined(__x86_64__)
  here.push_back({"sse2", sse2::run_lanes});
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
    here.push_back({"avx2", avx2::run_lanes});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    here.push_back({"avx512", avx512::run_lanes});
#endif
  return here;
}

}  // namespace

std::span<const NamedKernel> lane_kernels() {
  static const std::vector<NamedKernel> kernels = kernels_here();
  return kernels;
}

LaneKernel lane_kernel() {
  static const LaneKernel chosen = [] {
    const char* asked = std::getenv("EVOTTS_SIMD");
    for (const NamedKernel& kernel : lane_kernels()) {
      if (asked != nullptr && kernel.name == asked) return kernel.run;
    }
    return lane_kernels().back().run;
  }();
  return chosen;
}

}  // namespace replay
