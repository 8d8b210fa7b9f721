#include "genome/base/arithmetic.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck.h>

#include "tests/support/varied.hpp"

namespace genome {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Row {
  double a, b, result;
};

// Printed by CPython 3.11: round(a, b).
TEST(Arithmetic, RoundsAsCPython) {
  constexpr Row kRows[] = {
      {0.5, 0, 0.0},
      {1.5, 0, 2.0},
      {2.5, 0, 2.0},
      {-2.5, 0, -2.0},
      {2.675, 2, 2.67},
      {1.005, 2, 1.0},
      {0.125, 2, 0.12},
      {0.375, 2, 0.38},
      {0.15, 1, 0.1},
      {0.25, 1, 0.2},
      {0.35, 1, 0.3},
      {1e+300, 3, 1e+300},
      {123456.789, 3, 123456.789},
      {-5e-05, 4, -0.0001},
      {0.5599999999999999, 4, 0.56},
      {0.886, 4, 0.886},
      {5e-324, 15, 0.0},
      {1000000000000000.2, 2, 1000000000000000.2},
      {0.30000000000000004, 15, 0.3},
      {1234567.8901234567, 9, 1234567.890123457},
      {-1e-16, 15, -0.0},
      {-52407.074581621724, 4, -52407.0746},
      {-260089.66690384148, 15, -260089.66690384148},
      {0.002514406082161081, 0, 0.0},
      {8176.368003706495, 8, 8176.36800371},
      {0.10156928352014644, 15, 0.101569283520146},
      {8194.777125807763, 15, 8194.777125807763},
      {-0.02057308459420781, 7, -0.0205731},
      {26972.1316570377, 12, 26972.1316570377},
      {4825037.124029805, 2, 4825037.12},
      {-681200.1204754376, 1, -681200.1},
      {-0.0003974646809685753, 8, -0.00039746},
      {-5450182.266906631, 12, -5450182.266906631},
      {428.2589672224051, 12, 428.258967222405},
      {456251.9461051934, 14, 456251.9461051934},
      {0.0928187503450911, 11, 0.09281875035},
      {-0.08050913805382456, 15, -0.080509138053825},
      {-5660261.175337252, 13, -5660261.175337252},
      {5.579451713956635, 13, 5.5794517139566},
      {14.48596765811908, 11, 14.48596765812},
      {68.20616997888828, 7, 68.20617},
      {8084035.416955501, 0, 8084035.0},
      {712801.1327935113, 5, 712801.13279},
      {39.72317406630148, 3, 39.723},
      {0.42763404034839847, 8, 0.42763404},
      {-0.004300850760275896, 15, -0.004300850760276},
  };
  for (const Row& row : kRows) EXPECT_EQ(rounded(row.a, row.b), row.result) << row.a << ", " << row.b;
  EXPECT_EQ(half_even(0.5), 0);
  EXPECT_EQ(half_even(1.5), 2);
  EXPECT_EQ(half_even(-2.5), -2);
  EXPECT_EQ(half_even(3.49999), 3);
}

TEST(Arithmetic, DigitsAreAWholeNumberFrom0To15) {
  EXPECT_EQ(rounded(2.675, 1.9), 2.7);
  EXPECT_EQ(rounded(2.5, -3), 2);
  EXPECT_EQ(rounded(0.1234567890123456789, 99), rounded(0.1234567890123456789, 15));
  EXPECT_EQ(rounded(0.1234567890123456789, kInfinity), rounded(0.1234567890123456789, 15));
  EXPECT_EQ(rounded(kInfinity, 3), kInfinity);
  EXPECT_EQ(rounded(-kInfinity, 0), -kInfinity);
  EXPECT_EQ(rounded(1.7976931348623157e308, 15), 1.7976931348623157e308);
}

// Printed by CPython 3.11: a % b.
TEST(Arithmetic, RemainderHasTheSignOfTheDivisor) {
  constexpr Row kRows[] = {
      {5.0, 3.0, 2.0},    {-5.0, 3.0, 1.0},
      {5.0, -3.0, -1.0},  {-5.0, -3.0, -2.0},
      {5.5, 2.0, 1.5},    {-0.5, 2.0, 1.5},
      {6.0, 3.0, 0.0},    {-6.0, 3.0, 0.0},
      {1e+300, 7.0, 1.0}, {0.3, 0.1, 0.09999999999999998},
      {-1e-20, 1.0, 1.0}, {1e-20, -1.0, -1.0},
      {5, 0, 0},          {kInfinity, 3, 0},
      {5, kInfinity, 5},
  };
  for (const Row& row : kRows) EXPECT_EQ(modulo(row.a, row.b), row.result) << row.a << ", " << row.b;
}

TEST(Arithmetic, PartialOperationsGiveZero) {
  EXPECT_EQ(divide(1, 0), 0);
  EXPECT_EQ(divide(0, 0), 0);
  EXPECT_EQ(divide(kInfinity, kInfinity), 0);
  EXPECT_EQ(divide(1, kInfinity), 0);
  EXPECT_EQ(power(0, -1), 0);
  EXPECT_EQ(power(0, 0), 1);
  EXPECT_EQ(power(-8, 1.0 / 3), 0);
  EXPECT_EQ(power(-2, 3), -8);
  EXPECT_EQ(power(2, 0.5), std::sqrt(2.0));
  EXPECT_EQ(power(10, 999), kInfinity);
  EXPECT_EQ(logarithm(0), 0);
  EXPECT_EQ(logarithm(-1), 0);
  EXPECT_EQ(logarithm(kInfinity), kInfinity);
  EXPECT_EQ(square_root(-4), 0);
  EXPECT_EQ(square_root(16), 4);
  EXPECT_EQ(subtract(kInfinity, kInfinity), 0);
  EXPECT_EQ(add(kInfinity, -kInfinity), 0);
  EXPECT_EQ(multiply(0, kInfinity), 0);
  EXPECT_EQ(mixed(1, kInfinity, 0), 0);
  EXPECT_EQ(mixed(2, 6, 0.25), 3);
  EXPECT_EQ(exponential(1000), kInfinity);
  EXPECT_EQ(exponential(-kInfinity), 0);
}

TEST(Arithmetic, CountsAreRoundedDownWithinTheirBounds) {
  EXPECT_EQ(whole(2.99, 10), 2);
  EXPECT_EQ(whole(-0.5, 10), 0);
  EXPECT_EQ(whole(-kInfinity, 10), 0);
  EXPECT_EQ(whole(11, 10), 10);
  EXPECT_EQ(whole(kInfinity, 10), 10);
  EXPECT_EQ(whole(1e300, 10), 10);
  EXPECT_EQ(whole(5, 0), 0);
}

// From the exact binomial sums.
TEST(BetaConfidence, KnownValues) {
  constexpr Row kRows[] = {
      {1, 0, 0.75},
      {2, 0, 0.875},
      {3, 0, 0.9375},
      {4, 0, 0.96875},
      {2, 1, 0.6875},
      {3, 1, 0.8125},
      {1, 1, 0.5},
      {5, 5, 0.5},
      {10, 3, 0.9713134765625},
      {64, 0, 1.0},
      {64, 63, 0.5351930460850076},
      {40, 20, 0.9950732759023704},
      {1, 4, 0.109375},
  };
  for (const Row& row : kRows)
    EXPECT_NEAR(beta_confidence(row.a, row.b), row.result, 1e-15) << row.a << ", " << row.b;
  EXPECT_EQ(beta_confidence(0, 0), 0);
  EXPECT_EQ(beta_confidence(-1, 3), 0);
  EXPECT_EQ(beta_confidence(3, -2), beta_confidence(3, 0));
  EXPECT_EQ(beta_confidence(kInfinity, 0), 1);
  EXPECT_EQ(beta_confidence(kInfinity, kInfinity), beta_confidence(1e6, 1e6));
}

TEST(BetaConfidence, IsSymmetricAndMonotone) {
  for (int a = 1; a <= 64; ++a) {
    for (int b = 1; b <= 64; ++b) {
      EXPECT_NEAR(beta_confidence(a, b) + beta_confidence(b, a), 1, 1e-12);
      EXPECT_LE(beta_confidence(a, b), beta_confidence(a, b - 1));
      EXPECT_LE(beta_confidence(a, b), beta_confidence(a + 1, b));
    }
  }
}

TEST(BetaConfidence, TheTableHoldsTheDirectFormula) {
  using Plain = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
  for (int a = 1; a <= 70; ++a) {
    for (int b = 0; b <= 70; ++b)
      EXPECT_EQ(beta_confidence(a, b), 1 - boost::math::ibeta(a + 1.0, b + 1.0, 0.5, Plain()));
  }
}

TEST(Arithmetic, IsNeverNaN) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const auto any = [&] {
      if (base::chance(rng, 0.5))
        return tests::one_of(rng,
                             {0.0, -0.0, 1.0, -1.0, 0.5, 64.0, 1e308, -1e308, 5e-324, kInfinity, -kInfinity});
      return base::normal(rng) * std::pow(10, static_cast<double>(base::uniform_int(rng, -12, 12)));
    };
    for (int i = 0; i < 200; ++i) {
      const double a = any(), b = any(), w = any();
      for (const double x : {add(a, b), subtract(a, b), multiply(a, b), divide(a, b), power(a, b),
                             modulo(a, b), rounded(a, b), smaller(a, b), larger(a, b), beta_confidence(a, b),
                             mixed(a, b, w), exponential(a), logarithm(a), square_root(a), half_even(a)}) {
        RC_ASSERT(x == x);
      }
    }
  }));
}

}  // namespace
}  // namespace genome
