// workers.hpp: ranks in threads that serve until they are told to end.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "cluster/team.hpp"
#include "cluster/worker.hpp"
#include "tests/support/simulated_network.hpp"

namespace cluster {

inline Hello hello_of(const std::string& host, unsigned threads = 1) {
  return {.program = "evotts 1", .c_library = "glibc 1 fma", .host = host, .threads = threads, .cores = ""};
}

// All but rank 0. Told to end before it goes.
class Workers {
 public:
  Workers(tests::SimulatedNetwork& network, int ranks, const WorkerParts& parts = {evaluator_of, {}})
      : network_(network) {
    for (int rank = 1; rank < ranks; ++rank)
      threads_.emplace_back([&network, rank, parts] {
        serve(network.rank(rank), hello_of("host" + std::to_string(rank)), parts);
      });
  }
  ~Workers() { end_all(network_.rank(0)); }

 private:
  tests::SimulatedNetwork& network_;
  std::vector<std::jthread> threads_;
};

}  // namespace cluster
