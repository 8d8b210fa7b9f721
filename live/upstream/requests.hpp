// requests.hpp: the bodies of the requests that begin, lengthen and look into a branch.
// Why:      what a server can do decides their form; that is settled here, once, from what was found out.
// Use:      Work work = segment_work(can, branch, sampling, 500);
//           request_to(server, can.base + work.path, work.body)
// Promises: pure functions. Only what was seen to be taken is sent. A prompt of text has one beginning: where
//           the server puts its own before it, the one that a template wrote is left out.
// Threads:  pure functions.
// Tests:    tests/live/upstream/upstream_test.cpp
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "live/upstream/branch.hpp"
#include "live/upstream/capabilities.hpp"

namespace live {

struct Work {
  std::string path;
  nlohmann::json body;              // but for a prompt of ids
  std::vector<TokenId> prompt_ids;  // there may be very many, which JSON values are too large for
};

// The body as it is sent.
std::string body_text(const Work& work);

// Whether a branch goes on by the ids of its tokens.
bool is_by_ids(const Capabilities& can, const Branch& branch);

// What comes next on a branch. REQUIRES: the prompt suits the grade (see Upstream::begin).
Work segment_work(const Capabilities& can, const Branch& branch, const Sampling& sampling,
                  std::int64_t tokens);

// The branch goes on behind the suffix, with the likeliest tokens; what comes is no part of it.
Work look_work(const Capabilities& can, const Branch& branch, const Suffix& suffix, const Sampling& sampling,
               std::int64_t tokens);

// Messages as a server takes them.
nlohmann::json json_of(const std::vector<Message>& messages);

// Marks the last message, the assistant's, as one to be continued.
void mark_continued(nlohmann::json& body, Continuation how);

std::uint64_t segment_seed(std::uint64_t branch_seed, int segment);

// A rendered text as a prompt: without the beginning that the server puts before it itself.
Prompt rendered_prompt(const Capabilities& can, std::string text);

// Ids of a rendered text, which may have got a second beginning from the tokenizer.
std::vector<TokenId> with_one_beginning(const Capabilities& can, std::vector<TokenId> ids);

}  // namespace live
