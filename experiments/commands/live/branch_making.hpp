// branch_making.hpp: how branches are made, as a server of models takes it.
// Why:      what is collected, served and audited must be made in one way, or nothing that was scored holds.
// Use:      auto serving = std::make_shared<live::Serving>(serving_of(settings, 1024, upstream));
// Promises: texts that are sent with every branch are turned into ids once, where branches are joined by ids.
// Throws:   UpstreamError when the server does not answer.
// Threads:  each call waits for the server.
// Tests:    tests/experiments/commands/collect_test.cpp, tests/experiments/commands/serve_test.cpp
#pragma once

#include <cstdint>
#include <string>

#include "live/collect/settings.hpp"
#include "live/episode/serving.hpp"
#include "live/upstream/upstream.hpp"

namespace experiments {

// `finish`: the most tokens of what follows a thought that is ended for its answer.
live::Serving serving_of(const live::CollectSettings& settings, std::int64_t finish,
                         live::Upstream& upstream);

// The prompt of the question "{question}", as the model reads it; empty where the server does not tell.
std::string template_of(const live::Server& server, const live::Capabilities& can,
                        const live::CollectSettings& settings);

}  // namespace experiments
