"""What an evolved controller saves at a real model, against self-consistency: tokens and time by the clock.

    python3 tests/real/savings.py [QUESTIONS]

Both are served side by side and asked the same new questions in turn, one at a time, so that neither has the machine on
a better day. The questions are built like those of the recording, with other numbers: nothing was searched on them. Not
run by ./dev live. EVOTTS_BINARY is the program; EVOTTS_SHARED (../shared without it) has the model and its server.
"""

import json
import math
import pathlib
import random
import re
import signal
import sys
import time

from model_server import RECORDED, Server
from test_serve_arith import Served

HERE = pathlib.Path(__file__).resolve().parent
MODULUS = 997  # of the chains, which are worked out from left to right
# By replay these two are right about as often; see docs/serve.md.
SERVED = {"sc": ("sc", "0.75"), "evolved": (str(HERE / "evolved_arith.ctl"), "0.25")}


def worked_out(chain):
    first, *steps = re.findall(r"[-+*]?\d+", chain)
    value = int(first)
    for step in steps:
        by = int(step[1:])
        value = {"+": value + by, "-": value - by, "*": value * by}[step[0]] % MODULUS
    return str(value)


def another(chain, noise):
    """The same operations on other numbers, each with as many digits."""
    def number(match):
        digits = len(match[0])
        return str(noise.randint(10 ** (digits - 1) + (digits == 1), 10**digits - 1))
    return re.sub(r"\d+", number, chain)


def new_questions(count):
    recorded = json.loads(RECORDED.read_text())
    assert all(worked_out(each["question"]) == each["gold_answer"] for each in recorded)
    noise = random.Random(7)
    return [another(recorded[i % len(recorded)]["question"], noise) for i in range(count)]


def mean(values):
    return sum(values) / len(values)


def share_with_error(rights):
    share = mean(rights)
    return f"{100 * share:.1f}% (standard error {100 * math.sqrt(share * (1 - share) / len(rights)):.1f})"


def main():
    questions = new_questions(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    server = Server()
    served, seen = {}, {name: [] for name in SERVED}
    try:
        for name, (controller, beta) in SERVED.items():
            served[name] = Served(server.url, controller, "--beta", beta, "--branches", "64")
        for number, question in enumerate(questions):
            for name in sorted(SERVED, reverse=number % 2 == 1):
                begun = time.time()
                told = served[name].ask(question)["evotts"]
                seen[name].append((told["answer"] == worked_out(question), told["spent"], time.time() - begun,
                                   told["requests"]))
            print(f"{number + 1} of {len(questions)}", file=sys.stderr)
    finally:
        for each in served.values():
            each.end()
        server.end(signal.SIGKILL)
    for name, rows in seen.items():
        right, tokens, seconds, requests = zip(*rows)
        print(f"{name} at {SERVED[name][1]}: right {share_with_error(right)}, tokens {mean(tokens):,.0f}, "
              f"{mean(seconds):.2f} s, requests {mean(requests):.0f} a question")
    ratio = {i: mean([row[i] for row in seen["evolved"]]) / mean([row[i] for row in seen["sc"]]) for i in (1, 2)}
    print(f"evolved over sc: tokens {ratio[1]:.3f}, time {ratio[2]:.3f}")


if __name__ == "__main__":
    main()
