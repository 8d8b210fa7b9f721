#include "llm_mutators/text/thinking.hpp"

#include <gtest/gtest.h>
#include <string>

namespace llm_mutators {
namespace {

std::string spoken(const std::string& reply) { return std::string(without_thinking(reply).text); }

TEST(Thinking, AllUpToTheLastEndOfThoughtsIsThought) {
  for (const std::string reply :
       {"<think>a</think>reply", "a\n</think>reply", "<THINK>a</Think>reply", "<thinking>a</thinking>reply",
        "<think>a <think>b</think> c</think>reply", "<think>a</think>b<think>c</think>reply",
        "<reasoning effort=\"high\">a</reasoning>reply", "<thought>\na\n</thought >reply",
        "[THINK]a[/THINK]reply", "◁think▷a◁/think▷reply", "<seed:think>a</seed:think>reply",
        "<|begin_of_thought|>a<|end_of_thought|>reply", "<|START_THINKING|>a<|END_THINKING|>reply",
        "<unused94>a<unused95>reply",
        "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>reply"}) {
    EXPECT_EQ(spoken(reply), "reply") << reply;
    EXPECT_FALSE(without_thinking(reply).unfinished) << reply;
  }
}

TEST(Thinking, ThoughtsThatDoNotEndAreNoReply) {
  for (const std::string reply : {"<think>a\nb", "  <think>\na", "> <think>a", "<think>a</think><think>b",
                                  "<|channel|>analysis<|message|>a", "[THINK] a"}) {
    EXPECT_EQ(spoken(reply).find_first_not_of(" >"), std::string::npos) << reply;
    EXPECT_TRUE(without_thinking(reply).unfinished) << reply;
  }
  EXPECT_EQ(spoken("reply\n<think>more"), "reply\n");
}

TEST(Thinking, WhatOnlyLooksLikeAMarkIsSaid) {
  for (const std::string reply :
       {"a < b", "prune early; I <think> so", "<thinker>a</thinker>", "<p>", "</p>x", "", "<", "[", "[x]",
        "<think", "stop when a <think and b> 1", "\xE2"})
    EXPECT_EQ(spoken(reply), reply);
}

}  // namespace
}  // namespace llm_mutators
