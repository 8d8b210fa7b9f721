// A controller of the library on an environment that is made up.
#include <cstdio>
#include <evotts/controller.hpp>
#include <evotts/environment.hpp>
#include <evotts/evaluate.hpp>

int main() {
  const evotts::Controller controller = evotts::known_controller("cmc");
  const evotts::Evaluator evaluator({evotts::Environment::synthetic("seed=3")}, {.orderings = 20});
  for (const evotts::Score& score : evaluator.evaluate(controller, {0, 0.5, 1}))
    std::printf("%g,%.2f,%.3f\n", score.beta, score.accuracy, score.tokens);
}
