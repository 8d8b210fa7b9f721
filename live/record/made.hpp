// made.hpp: how the branches of a server are made, looked into and read, as records tell it.
// Why:      what is imported from them must tell it as environments of evotts collect do, so that others can
//           be served, or audited, like it.
// Use:      head.made = made_json(settings, task, can).dump();
// Promises: the entries of "collected" that decide over a branch and its answers, by the same names.
// Threads:  a pure function.
// Tests:    tests/experiments/commands/serve_record_test.cpp
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "live/collect/settings.hpp"

namespace live {

nlohmann::json made_json(const CollectSettings& settings, const ReadingTask& task, const Capabilities& can);

}  // namespace live
