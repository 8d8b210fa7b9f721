// benches.hpp: the benchmarks, a file for each concern.
// Why:      main.cpp needs their names; a reader finds the list here.
// Use:      add_machine_benches(work, table);
// Promises: each adds sections and rows to the table and runs nothing yet.
// Threads:  one thread. The workload must outlive the runs.
#pragma once

#include "tests/bench/table.hpp"
#include "tests/bench/workload.hpp"

namespace bench {

// Episodes on one thread: the machine beside hand-written code.
void add_machine_benches(const Workload& work, Table& table);
// Sessions, given what a recording holds, beside the machine.
void add_session_benches(const Workload& work, Table& table);
// Episodes in bulk: by threads, and a whole generation.
void add_evaluator_benches(const Workload& work, Table& table);
// Every published row: files read and scored.
void add_parity_benches(const Workload& work, Table& table);
// From file to Environment.
void add_reading_benches(const Workload& work, Table& table);
// From text to program.
void add_compile_benches(const Workload& work, Table& table);
// What environments and a thread keep in memory.
void add_memory_benches(const Workload& work, Table& table);
// Long runs: what a commit costs early and late.
void add_repository_benches(const Workload& work, Table& table);

}  // namespace bench
