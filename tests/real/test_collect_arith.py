"""Collects from a real model behind a real server, and compares with what was recorded of the same model.

Run by `./dev live`. EVOTTS_BINARY is the program; EVOTTS_SHARED (../shared without it) has the model, the server and
the recording. Each bound is one that a right collection keeps with room to spare, and that a wrong one (looks at other
depths, a token of the beginning twice, repeated noise, lengths that count events) does not.
"""

import json
import math
import os
import signal
import subprocess
import time

import pytest
from model_server import BINARY, BRANCH_OPTIONS, RECORDED, Server, cpu_seconds, needs_the_model

QUESTIONS, BRANCHES = 20, 64

pytestmark = needs_the_model


@pytest.fixture
def server():
    one = Server()
    yield one
    if one.process.poll() is None:
        one.end(signal.SIGKILL)


def command(url, out, *more, branches=BRANCHES):
    return [BINARY, "collect", str(RECORDED), "--upstream", url, "--first", str(QUESTIONS), "--branches", str(branches),
            *BRANCH_OPTIONS, "--out", str(out), *more]


def right_share(question):
    return sum(branch[2] == question["gold_answer"] for branch in question["each_branch"]) / len(question["each_branch"])


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def lengths(questions):
    return mean(branch[1] for question in questions for branch in question["each_branch"])


def agreement(questions):
    """The chance that two branches' looks at the same question and depth agree."""
    same = pairs = 0
    for question in questions:
        depths = {}
        for branch in question["each_branch"]:
            for depth, answer in enumerate(branch[0]):
                counts = depths.setdefault(depth, {})
                counts[answer] = counts.get(answer, 0) + 1
        for counts in depths.values():
            total = sum(counts.values())
            pairs += total * (total - 1)
            same += sum(count * (count - 1) for count in counts.values())
    return same / pairs


def children_seconds():
    """Processor time of all children of this process that have ended and were waited for."""
    times = os.times()
    return times.children_user + times.children_system


def curve(path):
    """Accuracy of self-consistency by beta, with its interval."""
    out = subprocess.run([BINARY, "eval", "sc", "--env", str(path), "--beta", "0,0.25,0.5,0.75,1", "--format", "json"],
                         check=True, capture_output=True, text=True).stdout
    return {row["beta"]: row for row in json.loads(out)}


def test_what_is_collected_is_like_what_was_recorded(server, tmp_path):
    out = tmp_path / "arith.json"
    before = cpu_seconds(server.process.pid)
    waited_for = children_seconds()
    begun = time.time()
    run = subprocess.Popen(command(server.url, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, errors = run.communicate(timeout=1500)
    used = children_seconds() - waited_for  # the servers of tests before this one were waited for, too
    print(said, errors, f"{time.time() - begun:.0f} s")
    assert run.returncode == 0, errors
    served = cpu_seconds(server.process.pid) - before

    collected = json.loads(out.read_text())
    recorded = json.loads(RECORDED.read_text())[:QUESTIONS]
    assert [q["question"] for q in collected] == [q["question"] for q in recorded]
    assert all(len(q["each_branch"]) == BRANCHES for q in collected)

    shares = [(right_share(new), right_share(old)) for new, old in zip(collected, recorded)]
    error = math.sqrt(sum(old * (1 - old) * (1 / BRANCHES + 1 / 128) for _, old in shares)) / QUESTIONS
    difference = mean(new for new, _ in shares) - mean(old for _, old in shares)
    print(f"right {mean(n for n, _ in shares):.4f}, recorded {mean(o for _, o in shares):.4f}, "
          f"standard error of the difference {error:.4f}")
    assert abs(difference) <= 3 * error

    print(f"length {lengths(collected):.2f}, recorded {lengths(recorded):.2f}")
    assert abs(lengths(collected) / lengths(recorded) - 1) <= 0.03

    print(f"agreement {agreement(collected):.4f}, recorded {agreement(recorded):.4f}")
    assert abs(agreement(collected) - agreement(recorded)) <= 0.02

    short = tmp_path / "recorded.json"
    short.write_text(json.dumps(recorded))
    new, old = curve(out), curve(short)
    for beta, row in new.items():
        print(f"sc at {beta}: {row['accuracy']:.4f}, recorded {old[beta]['accuracy']:.4f} "
              f"[{old[beta]['accuracy_low']:.4f}, {old[beta]['accuracy_high']:.4f}]")
        assert old[beta]["accuracy_low"] <= row["accuracy"] <= old[beta]["accuracy_high"]

    print(f"processor time: collect {used:.1f} s, server {served:.1f} s")
    assert used <= 0.15 * served


def test_a_server_that_is_restarted_loses_nothing(server, tmp_path):
    out = tmp_path / "arith.json"
    run = subprocess.Popen(command(server.url, out, "--patience", "120", branches=4), stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    journal = tmp_path / "arith.collecting.jsonl"
    deadline = time.time() + 60
    while time.time() < deadline and (not journal.exists() or journal.read_text().count("\n") < 20):
        time.sleep(0.05)
    server.end(signal.SIGKILL)
    time.sleep(2)
    again = Server(server.port)
    try:
        said, errors = run.communicate(timeout=600)
    finally:
        again.end(signal.SIGKILL)
    assert run.returncode == 0, errors
    assert "trying again" in errors
    collected = json.loads(out.read_text())
    assert sum(len(q["each_branch"]) for q in collected) == QUESTIONS * 4
    assert collected[0]["collected"]["spent"]["lost_requests"] > 0


def test_an_interrupt_frees_the_server_at_once(server, tmp_path):
    run = subprocess.Popen(command(server.url, tmp_path / "arith.json"), stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    deadline = time.time() + 60
    while time.time() < deadline and server.metrics()["server_running"] < 4:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=20)
    assert run.returncode == 1
    assert "the same command goes on from there" in errors
    time.sleep(1)
    assert server.metrics()["server_running"] == 0
