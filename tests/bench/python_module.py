"""Processor time of evaluate() against that of `evotts eval` for the same work, and of a step of a session
(give, next and wants), with every controller of the library.

    PYTHONPATH=build/release/python python3 tests/bench/python_module.py build/release/evotts

Both sides score side by side, in turns, on one thread; the smallest of the times counts. What the command takes to
start, to read and to print is measured by a run of one ordering and taken off; the same is done to the module's.
"""
import pathlib
import random
import resource
import subprocess
import sys
import time

import evotts

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from engines import Recording  # noqa: E402

CONTROLLERS = ["cmc", "asc", "esc", "sc"]
SPECIFICATION = "seed=3,questions=60,branches=64"
BETAS = [0.0, 0.25, 0.5, 0.75, 1.0]
ROUNDS = 7


def of_command(program, orderings):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "eval", *CONTROLLERS, "--env", "synthetic:" + SPECIFICATION, "--beta",
                    ",".join(f"{b:g}" for b in BETAS), "--orderings", str(orderings), "--threads", "1", "--format", "csv"],
                   check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def of_module(orderings):
    before = time.process_time()
    environment = evotts.Environment.synthetic(SPECIFICATION)
    controllers = [evotts.Controller.known(each) for each in CONTROLLERS]
    evotts.evaluate(controllers, [environment], BETAS, orderings=orderings, threads=1).rows()
    return time.process_time() - before


def evaluation(program):
    times = {"command": [], "module": [], "command, one": [], "module, one": []}
    for _ in range(ROUNDS):
        times["command"].append(of_command(program, 400))
        times["module"].append(of_module(400))
        times["command, one"].append(of_command(program, 1))
        times["module, one"].append(of_module(1))
    least = {name: min(all_of) for name, all_of in times.items()}
    command, module = (least[side] - least[side + ", one"] for side in ("command", "module"))
    print(f"evaluate: command {1000 * command:.1f} ms, module {1000 * module:.1f} ms: {module / command:.3f} times")


def step_of(controller, environment):
    """Microseconds of a step (give, next and wants), and wants of a step."""
    steps, wanted, taken = 0, 0, 0.0
    for place in range(20):
        question = environment.question(place)
        engine = Recording(question, random.Random(place).sample(range(64), 64))
        session = evotts.Session(controller, 0.5, interval=question["interval"])
        more = session.next()
        while more:
            results = [engine.result(want) for want in session.wants if want.kind != "prune"]
            began = time.process_time()
            session.give(results)
            more = session.next()
            session.wants  # noqa: B018
            taken += time.process_time() - began
            steps += 1
            wanted += len(results)
    return 1e6 * taken / steps, wanted / steps


def step():
    environment = evotts.Environment.synthetic(SPECIFICATION)
    for name in evotts.known_controllers():
        controller = evotts.Controller.known(name)
        if evotts.Session(controller, 0.5).signals:
            continue  # the recordings have none
        least = min(step_of(controller, environment) for _ in range(ROUNDS))
        print(f"a step of {name}: {least[0]:.1f} microseconds, {least[1]:.1f} wants")


if __name__ == "__main__":
    evaluation(sys.argv[1])
    step()
