#include "genome/base/digest.hpp"

#include <gtest/gtest.h>
#include <string>

#include "genome/base/rng.hpp"

namespace genome::base {
namespace {

TEST(Digest, EqualsSha1AndGit) {
  EXPECT_EQ(sha1_hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1_hex(std::string(1'000'000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  // git hash-object --stdin
  EXPECT_EQ(git_blob_id(""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  EXPECT_EQ(git_blob_id("hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_EQ(git_blob_id("controller sc\n\nanswer\n  none\n"), "768b9f6f7d9f44f3a421487284a397d80234e95f");
  EXPECT_EQ(git_blob_id(std::string("a\0b", 3)), "20b5be91886d0b6f26dc98a225c0dac05fe2c86e");
}

// A run is repeated from its seed on any machine, so these numbers may never change.
TEST(Rng, StreamsAreFixedForEver) {
  Rng plain(0);
  EXPECT_EQ(plain(), 16294208416658607535U);  // the reference implementation of SplitMix64
  EXPECT_EQ(plain(), 7960286522194355700U);
  Rng a = keyed_stream(1, Purpose::kProposal, 2, 3);
  Rng b = keyed_stream(1, Purpose::kProposal, 2, 3);
  EXPECT_EQ(a(), b());
  EXPECT_NE(keyed_stream(1, Purpose::kProposal, 2, 3)(), keyed_stream(1, Purpose::kProposal, 3, 2)());
  EXPECT_NE(keyed_stream(1, Purpose::kProposal, 2, 3)(), keyed_stream(2, Purpose::kProposal, 2, 3)());
  EXPECT_NE(keyed_stream(1, Purpose::kProposal)(), keyed_stream(1, Purpose::kSelection)());
  EXPECT_EQ(keyed_stream(1, Stream::kSimplification, 2, 3)(),
            keyed_stream(1, Purpose::kSelection, 2, 3, 2)());
}

TEST(Rng, DistributionsStayInTheirRange) {
  Rng rng(7);
  double sum = 0, squares = 0;
  int heads = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto die = uniform_int(rng, -2, 3);
    EXPECT_TRUE(die >= -2 && die <= 3);
    const double u = uniform_real(rng);
    EXPECT_TRUE(u >= 0 && u < 1);
    heads += chance(rng, 0.25) ? 1 : 0;
    const double z = normal(rng);
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(heads / 20000.0, 0.25, 0.02);
  EXPECT_NEAR(sum / 20000, 0, 0.03);
  EXPECT_NEAR(squares / 20000, 1, 0.05);
  EXPECT_EQ(uniform_int(rng, 5, 5), 5);
  EXPECT_DEATH(uniform_index(rng, 0), "invariant broken");
}

}  // namespace
}  // namespace genome::base
