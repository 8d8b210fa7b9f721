// wide_vectors.cpp: CMA-ES of libpagmo from a program compiled for wider vectors than libpagmo was.
// Why:      Eigen chooses its allocator by the compiler's options; the target of Pagmo says which holds. A
//           program of its own, because code for wider vectors must not be linked into the other tests.
// Use:      wide_vectors && echo good
// Promises: exit code 0 when nothing was freed by another allocator, and where the processor has no AVX2.
// Threads:  one.
#include <cstdlib>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/problems/rosenbrock.hpp>

int main() {
  if (!__builtin_cpu_supports("avx2")) return EXIT_SUCCESS;
  const pagmo::population start(pagmo::problem(pagmo::rosenbrock(7)), 10, 1);
  const pagmo::cmaes method(20, -1, -1, -1, -1, 0.3, 0, 0, false, true, 1);
  pagmo::population population = start;
  for (int i = 0; i < 5; ++i) population = pagmo::cmaes(method).evolve(population);
  return population.champion_f()[0] < start.champion_f()[0] ? EXIT_SUCCESS : EXIT_FAILURE;
}
