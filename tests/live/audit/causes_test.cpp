// What is suggested for the checks that are off.
#include "live/audit/causes.hpp"

#include <gmock/gmock.h>

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

CheckResult off(Check check, double score) {
  return {.check = check, .difference = score, .score = score, .p = 1e-5, .adjusted = 1e-4};
}
CheckResult good(Check check) { return {.check = check, .p = 0.4, .adjusted = 1}; }

TEST(Causes, NothingIsSuggestedWhereNothingIsFlagged) {
  EXPECT_TRUE(likely_causes({}).empty());
  EXPECT_TRUE(likely_causes({good(Check::kAccuracy), good(Check::kLooksAgree)}).empty());
}

TEST(Causes, LooksAlone) {
  EXPECT_THAT(likely_causes({off(Check::kLooksAgree, -9), good(Check::kLogprob)}),
              ElementsAre(HasSubstr("the look's suffix")));
  EXPECT_THAT(likely_causes({off(Check::kLooksBlank, 9)}), ElementsAre(HasSubstr("have no answer")));
  EXPECT_THAT(likely_causes({off(Check::kLooksAgree, -30), off(Check::kLengths, 5)}),
              ElementsAre(StartsWith("Looks differ most"), HasSubstr("chooses by looks")));
}

TEST(Causes, Branches) {
  EXPECT_THAT(likely_causes({off(Check::kLogprob, 9), off(Check::kLooksAgree, 4)}),
              ElementsAre(HasSubstr("a lower temperature"), StartsWith("Looks differ as well")));
  EXPECT_THAT(likely_causes({off(Check::kEntropy, 9), off(Check::kFinalsAgree, -4)}),
              ElementsAre(HasSubstr("a higher temperature")));
  EXPECT_THAT(likely_causes({off(Check::kLogprob, 9), off(Check::kFinalsAgree, -4)}),
              ElementsAre(HasSubstr("another model")));
  EXPECT_THAT(likely_causes({off(Check::kLengths, 9)}), ElementsAre(HasSubstr("another model")));
}

TEST(Causes, OutcomesAlone) {
  EXPECT_THAT(likely_causes({off(Check::kAccuracy, -9), good(Check::kFinalsRight)}),
              ElementsAre(HasSubstr("how answers are read")));
}

}  // namespace
}  // namespace live
