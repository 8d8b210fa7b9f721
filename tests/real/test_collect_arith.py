"""Collects from a real model behind a real server, and compares with what was recorded of the same model.

Run by `./dev live`. EVOTTS_BINARY is the program; EVOTTS_SHARED (../shared without it) has the model, the server and
the recording. Each bound is one that a right collection keeps with room to spare, and that a wrong one (looks at other
depths, a token of the beginning twice, repeated noise, lengths that count events) does not.
"""

import json
import math
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("EVOTTS_SHARED", ROOT.parent / "shared"))
BINARY = os.environ.get("EVOTTS_BINARY", str(ROOT / "build/release/evotts"))
RECORDED = SHARED / "replay_arith/arith-1m/search.json"
QUESTIONS, BRANCHES, INTERVAL = 20, 64, 16

pytestmark = pytest.mark.skipif(not RECORDED.exists() or not (SHARED / "live/start").exists(),
                                reason="the shared folder is not here")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def cpu_seconds(pid):
    """Processor time of a process so far, its threads included."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Server:
    """The model behind its server, on a port of this machine."""

    def __init__(self, port=None):
        self.port = port or free_port()
        self.process = subprocess.Popen(
            [SHARED / "live/start", SHARED / "live/arith-1m.gguf", "--port", str(self.port), "--slots", "8"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:  # installs its package the first time
            if "listening" in line:
                return
        raise RuntimeError(f"the server ended with {self.process.wait()}")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as page:
            return {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+)", page.read().decode())}

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(20)


@pytest.fixture
def server():
    one = Server()
    yield one
    if one.process.poll() is None:
        one.end(signal.SIGKILL)


def command(url, out, *more, branches=BRANCHES):
    return [BINARY, "collect", str(RECORDED), "--upstream", url, "--first", str(QUESTIONS), "--branches", str(branches),
            "--interval", str(INTERVAL), "--max-tokens", "500", "--task", "number", "--prompt", "{question}",
            "--look-suffix", "!", "--end-of-thought", "", "--logit-bias", "33=-100", "--out", str(out), *more]


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


def curve(path):
    """Accuracy of self-consistency by beta, with its interval."""
    out = subprocess.run([BINARY, "eval", "sc", "--env", str(path), "--beta", "0,0.25,0.5,0.75,1", "--format", "json"],
                         check=True, capture_output=True, text=True).stdout
    return {row["beta"]: row for row in json.loads(out)}


def test_what_is_collected_is_like_what_was_recorded(server, tmp_path):
    out = tmp_path / "arith.json"
    before = cpu_seconds(server.process.pid)
    begun = time.time()
    run = subprocess.Popen(command(server.url, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, errors = run.communicate(timeout=500)
    used = os.times().children_user + os.times().children_system
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
        said, errors = run.communicate(timeout=200)
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
