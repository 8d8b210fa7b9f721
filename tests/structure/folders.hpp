// folders.hpp: the folders of the project and who may include whom, in one table.
// Why:      the architecture is what the includes say; a table that a test enforces cannot fall behind.
// Use:      for (const Folder& folder : kFolders) ...    // a new folder is a new row
// Promises: a row names rows above it only, so that the table has no cycle; a top folder in `sees` stands for
//           all of its rows. A folder may always include itself. Tests and benchmarks may include everything.
// Threads:  a constant.
// Tests:    tests/structure/layers_test.cpp
#pragma once

#include <string_view>
#include <vector>

namespace structure {

struct Folder {
  std::string_view path;
  std::vector<std::string_view> sees;
};

// clang-format off
inline const std::vector<Folder> kFolders = {
    // What others include: nothing of ours, and of libraries nothing but the language's own.
    {"include/evotts",         {}},

    // The language: no threads, files, clock or network.
    {"genome/base",            {}},
    {"genome/tree",            {"genome/base"}},
    {"genome/text",            {"genome/base", "genome/tree"}},
    {"genome/lint",            {"genome/base", "genome/tree", "genome/text"}},
    {"genome/reference",       {"genome/base", "genome/tree"}},
    {"genome/program",         {"genome/base", "genome/tree", "genome/text"}},
    {"genome/simplification",  {"genome/base", "genome/tree", "genome/text"}},
    {"genome/comparison",      {"genome/base", "genome/tree", "genome/text"}},
    {"genome/material",        {"genome/base", "genome/tree", "genome/text"}},
    {"genome/variation",       {"genome/base", "genome/tree", "genome/text", "genome/material"}},

    {"net/address",            {"genome/base"}},
    {"net",                    {"genome/base", "net/address"}},
    {"net/server",             {"genome/base"}},

    // Controllers at work on recorded questions.
    {"replay/parallel",        {"genome/base"}},
    {"replay/environment",     {"genome/base", "replay/parallel"}},
    {"replay/sources",         {"genome/base", "replay/parallel", "replay/environment"}},
    {"replay/answers",         {"genome/base", "replay/parallel", "replay/environment"}},
    {"replay/quality",         {"genome/base", "replay/environment"}},
    {"replay/machine",         {"genome/base", "genome/tree", "genome/program", "replay/environment"}},
    {"replay/native",          {"genome/base", "genome/tree", "genome/program", "replay/machine"}},
    {"replay/stepping",        {"genome/base", "genome/program", "replay/machine"}},
    {"replay/evaluation",      {"genome/base", "genome/program", "genome/material", "replay/parallel",
                                "replay/environment", "replay/machine", "replay/native"}},
    {"replay/analysis",        {"genome", "replay/environment", "replay/machine", "replay/evaluation"}},

    // Controllers at work on questions whose branches are generated meanwhile.
    {"live/session",           {"genome/base", "genome/program", "replay/environment", "replay/machine",
                                "replay/stepping"}},
    // Controllers and recordings meet models: at a server that is asked.
    {"live/upstream",          {"genome/base", "net"}},
    {"live/discovery",         {"genome/base", "net", "live/upstream"}},

    // What people bring and what is kept, and environments out of models.
    {"live/files",             {"genome/base", "replay/parallel", "replay/environment"}},
    {"live/reading",           {"genome/base", "replay/parallel", "replay/environment", "replay/answers",
                                "live/files"}},
    // What other tools wrote: samples alike, and how each writes them.
    {"live/samples",           {"genome/base", "replay/parallel", "replay/environment", "replay/answers",
                                "live/reading"}},
    {"live/formats",           {"genome/base", "replay/environment", "replay/answers", "live/files",
                                "live/reading", "live/samples"}},
    {"live/collect",           {"genome/base", "net", "replay/environment", "live/upstream", "live/reading"}},

    // Controllers answer for others.
    {"live/episode",           {"genome/base", "genome/program", "replay/environment", "replay/machine",
                                "live/session", "live/upstream", "live/reading", "live/collect"}},
    {"live/serve",             {"genome/base", "genome/program", "net", "live/session", "live/upstream",
                                "live/reading", "live/collect", "live/episode"}},
    {"live/record",            {"genome/base", "replay/environment", "replay/machine", "live/files",
                                "live/session", "live/upstream", "live/reading", "live/collect",
                                "live/episode", "live/serve"}},
    {"live/audit",             {"genome/base", "genome/program", "replay",
                                "live/session", "live/upstream", "live/collect", "live/episode"}},

    // The search and its record. evo/objects and evo/git know nothing of controllers.
    {"evo/base",               {"genome/base"}},
    {"evo/experiment",         {"genome/base", "net", "replay/evaluation", "evo/base"}},
    {"evo/objects",            {"genome/base", "evo/base"}},
    {"evo/locks",              {"genome/base", "evo/base"}},
    {"evo/git",                {"genome/base", "evo/base", "evo/objects", "evo/locks"}},
    {"evo/population",         {"genome/base", "genome/text", "evo/base"}},
    {"evo/objective",          {"genome/base", "replay/environment", "replay/evaluation", "evo/experiment",
                                "evo/population"}},
    {"evo/sharing",            {"genome/base", "genome/tree", "replay/evaluation"}},
    {"evo/scoring",            {"genome/base", "genome/text", "genome/program", "genome/comparison",
                                "replay/environment", "replay/machine", "replay/evaluation",
                                 "evo/base", "evo/experiment", "evo/population", "evo/objective",
                                 "evo/sharing"}},
    {"evo/proposal",           {"genome/base", "genome/tree", "genome/text", "genome/simplification",
                                "genome/material", "genome/variation", "replay/environment",
                                "replay/evaluation",
                                 "evo/base", "evo/experiment",
                                "evo/population", "evo/scoring"}},
    {"evo/search",             {"genome/base", "replay/evaluation", "replay/native", "evo/experiment",
                                "evo/population", "evo/objective", "evo/sharing", "evo/scoring",
                                "evo/proposal"}},
    {"evo/expectation",        {"genome/base", "genome/text", "replay/environment", "replay/evaluation",
                                "evo/experiment", "evo/population", "evo/objective", "evo/scoring",
                                "evo/proposal", "evo/search"}},
    {"evo/record",             {"genome/base", "genome/text", "replay/parallel", "replay/environment",
                                "evo/base", "evo/experiment", "evo/git", "evo/population", "evo/objective",
                                "evo/scoring", "evo/search"}},
    {"evo/preregistration",    {"genome/base", "replay/environment", "evo/base", "evo/git", "evo/population",
                                "evo/record"}},
    {"evo/verification",       {"genome/base", "genome/text", "evo/base", "evo/objects", "evo/locks",
                                "evo/git", "evo/population", "evo/scoring", "evo/record",
                                "evo/preregistration"}},
    {"evo/run",                {"genome/base", "evo/base", "evo/experiment", "evo/expectation", "evo/git",
                                "evo/scoring", "evo/search", "evo/record"}},

    // The evaluator's jobs on many machines; cluster/mpi alone sees MPI.
    {"cluster",                {"genome/base", "genome/tree", "genome/text", "genome/program",
                                "replay/parallel", "replay/environment", "replay/native",
                                "replay/sources", "replay/evaluation", "evo/sharing"}},
    {"cluster/mpi",            {"cluster"}},

    // Language models as proposers: a chain. Of evo they know the proposer's interface.
    {"llm_mutators/text",      {"genome/base", "genome/tree", "genome/text"}},
    {"llm_mutators/clients",   {"genome/base", "net", "llm_mutators/text"}},
    {"llm_mutators/journal",   {"genome/base", "net", "evo/proposal",
                                "llm_mutators/text", "llm_mutators/clients"}},
    {"llm_mutators/prompts",   {"genome", "evo/population", "evo/proposal",
                                "llm_mutators/text", "llm_mutators/clients", "llm_mutators/journal"}},
    {"llm_mutators/proposers", {"genome", "net", "evo/population", "evo/proposal",
                                "llm_mutators/text", "llm_mutators/clients", "llm_mutators/journal",
                                "llm_mutators/prompts"}},

    // The program: a chain up to main.cpp, which is alone in its folder.
    {"experiments/terminal",   {"genome/base"}},
    {"experiments/console",    {"genome", "replay", "experiments/terminal"}},
    {"experiments/progress",   {"genome/base", "evo", "experiments/terminal", "experiments/console"}},
    {"experiments/ranks",      {"genome/base", "replay", "evo", "cluster", "experiments/console"}},
    {"experiments/config",     {"genome", "net", "replay", "evo", "llm_mutators", "experiments/console"}},
    {"experiments/reference",  {"genome", "evo", "experiments/console", "experiments/config"}},
    {"experiments/sources",    {"genome", "net", "replay", "evo", "llm_mutators", "experiments/console",
                                "experiments/config"}},
    {"experiments/reports",    {"genome", "net", "replay", "evo", "llm_mutators", "experiments/console",
                                "experiments/config", "experiments/sources"}},
    {"experiments/session",    {"genome", "net", "replay", "evo", "llm_mutators", "experiments/console",
                                "experiments/progress", "experiments/ranks", "experiments/config",
                                "experiments/sources", "experiments/reports"}},
    {"experiments/agent",      {"genome", "replay", "evo", "llm_mutators", "experiments/console"}},
    {"experiments/tables",     {"genome", "replay", "evo", "llm_mutators", "experiments/console",
                                "experiments/progress", "experiments/config", "experiments/sources",
                                "experiments/reports", "experiments/session"}},
    {"experiments/pages",      {"genome", "replay", "evo", "experiments/console", "experiments/config",
                                "experiments/sources", "experiments/reports", "experiments/session",
                                "experiments/tables"}},
    {"experiments/commands",   {"genome", "net", "replay", "evo", "llm_mutators", "experiments/terminal",
                                "experiments/console",
                                "experiments/config", "experiments/reference", "experiments/sources",
                                "experiments/reports", "experiments/session", "experiments/tables"}},
    {"experiments/commands/agent", {"experiments/console", "experiments/session", "experiments/agent",
                                "experiments/commands"}},
    {"experiments/commands/beginning", {"genome", "replay", "evo/base", "evo/record",
                                "experiments/console", "experiments/config", "experiments/sources",
                                "experiments/commands"}},
    {"experiments/commands/running", {"genome", "net", "replay", "evo", "llm_mutators", "experiments/console",
                                "experiments/progress", "experiments/ranks", "experiments/terminal",
                                "experiments/config", "experiments/sources", "experiments/session",
                                "experiments/commands"}},
    {"experiments/commands/environment", {"genome", "replay", "live", "experiments/console",
                                "experiments/commands"}},
    {"experiments/commands/live", {"genome", "net", "replay", "live", "evo/base", "experiments/terminal",
                                "experiments/console",
                                "experiments/sources", "experiments/reports", "experiments/session",
                                "experiments/commands"}},
    {"experiments/commands/pages", {"genome", "net", "replay", "evo", "experiments/console",
                                "experiments/config", "experiments/sources", "experiments/reports",
                                "experiments/session", "experiments/tables", "experiments/pages",
                                "experiments/commands"}},
    {"experiments",            {"genome", "replay", "evo", "experiments/console", "experiments/ranks",
                                "experiments/commands"}},

    // The public headers put to work; of the program it has what reads experiment files and runs.
    {"api",                    {"genome", "replay", "live/session", "evo", "experiments/console",
                                "experiments/config",
                                "experiments/sources"}},
    {"api/python/binding",     {}},
    {"api/python",             {"api/python/binding"}},
};

// A header of a library, by the beginning of its name, and the only places that may include it.
struct LibraryRule {
  std::string_view header;
  std::vector<std::string_view> places;  // beginnings of paths
};
inline const std::vector<LibraryRule> kLibraries = {
    {"git2",    {"evo/objects/", "evo/git/"}},
    {"curl/",   {"net/http_", "net/address/url."}},
    {"boost/beast/", {"net/server/"}},
    {"boost/asio/", {"net/server/"}},
    {"tbb/",    {"replay/", "evo/", "experiments/", "api/"}},
    {"evotts/", {"include/evotts/", "api/"}},
    {"pagmo/",  {"evo/population/", "evo/proposal/"}},
    {"Eigen/",  {}},  // by way of pagmo alone, whose target says how it allocates
    {"cereal/", {"evo/record/", "cluster/"}},
    {"mpi", {"cluster/mpi/"}},
    {"boost/mpi", {"cluster/mpi/"}},
    {"pybind11/", {"api/python/"}},
    {"simdjson", {"replay/environment/", "live/formats/"}},
    {"re2/", {"replay/answers/"}},
    {"csv.h", {"live/files/"}},
    {"zstd.h", {"live/files/"}},
    {"archive", {"live/files/"}},
    {"asmjit/", {"replay/native/"}},
    {"toml++/", {"experiments/config/"}},
    {"CLI/",    {"experiments/"}},
};

// What the language does without; genome/base has what all folders share, files among it.
inline const std::vector<std::string_view> kImpure = {"thread", "chrono", "filesystem", "fstream", "random",
                                                      "mutex"};

// clang-format on

}  // namespace structure
