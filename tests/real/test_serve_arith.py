"""Serves a real model by a controller, and compares with what replay promises of recordings of the same model.

Run by `./dev live`. A few questions by sc are asked; EVOTTS_ALL_QUESTIONS=1 asks all, by sc, cmc and an evolved
controller, which takes an hour of processor time. The bounds are 99.9% intervals.
"""

import concurrent.futures
import json
import math
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request

import pytest
from model_server import BINARY, BRANCH_OPTIONS, RECORDED, Server, needs_the_model

pytestmark = needs_the_model

HERE = pathlib.Path(__file__).resolve().parent
ALL = os.environ.get("EVOTTS_ALL_QUESTIONS") == "1"
CONTROLLERS = ["cmc", "sc", str(HERE / "evolved_arith.ctl")] if ALL else ["sc"]
QUESTIONS = 60 if ALL else 20
Z = 3.29  # of 99.9%, on both sides


class Served:
    """evotts serve in a process of its own."""

    def __init__(self, upstream, controller, *more):
        self.process = subprocess.Popen(
            [BINARY, "serve", controller, "--upstream", upstream, "--port", "0", *BRANCH_OPTIONS, *more],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            found = re.search(r"at (http://127\.0\.0\.1:\d+)/v1", line)
            if found:
                self.url = found.group(1)
                threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()
                return
        raise RuntimeError("".join(self.said))

    def ask(self, question, **members):
        body = {"model": "arith-1m", "messages": [{"role": "user", "content": question}], **members}
        request = urllib.request.Request(self.url + "/v1/chat/completions", json.dumps(body).encode(),
                                         {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=900) as reply:
            return json.load(reply)

    def metric(self, name):
        with urllib.request.urlopen(self.url + "/metrics", timeout=10) as page:
            return float(re.search(f"^{re.escape(name)} (.*)$", page.read().decode(), re.M).group(1))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def server():
    one = Server()
    yield one
    one.end(signal.SIGKILL)


def until(condition, seconds):
    """How long it took until the condition held."""
    begun = time.time()
    while not condition():
        assert time.time() - begun < seconds
        time.sleep(0.01)
    return time.time() - begun


def replay(controller, tmp_path, questions):
    """By question: the share of orderings that are right, the mean and the variance of tokens."""
    shares, tokens = [], []
    for number, question in enumerate(questions):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps([question]))
        out = subprocess.run([BINARY, "eval", controller, "--env", str(path), "--beta", "0.5", "--orderings", "400",
                              "--format", "json"], check=True, capture_output=True, text=True).stdout
        row = json.loads(out)[0]
        shares.append(row["accuracy"] / 100)
        tokens.append(row["tokens"])
    return shares, tokens


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_what_is_served_is_what_replay_promises(server, tmp_path, controller):
    questions = json.loads(RECORDED.read_text())[:QUESTIONS]
    served = Served(server.url, controller, "--beta", "0.5", "--episodes", "8", "--branches", "64")
    try:
        begun = time.time()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda q: served.ask(q["question"]), questions))
        seconds = time.time() - begun
    finally:
        assert served.end() == 0
    shares, tokens = replay(controller, tmp_path, questions)
    right = [reply["evotts"]["answer"] == q["gold_answer"] for reply, q in zip(replies, questions)]
    # What the controller spent of branches, as replay counts it: without looks and finishing.
    spent = [reply["evotts"]["spent"] for reply in replies]
    n = len(questions)
    accuracy, promised = sum(right) / n, sum(shares) / n
    error = math.sqrt(sum(max(p * (1 - p), 1e-3) for p in shares)) / n
    differences = [live - mean for live, mean in zip(spent, tokens)]
    difference = sum(differences) / n
    spread = math.sqrt(sum((d - difference) ** 2 for d in differences) / (n - 1) / n)
    print(f"\n{pathlib.Path(controller).stem}: right {100 * accuracy:.1f}%, replay {100 * promised:.1f}% "
          f"+- {100 * Z * error:.1f}; tokens {sum(spent) / n:.1f}, replay {sum(tokens) / n:.1f} +- {Z * spread:.1f}; "
          f"{seconds:.0f} s")
    assert abs(accuracy - promised) <= Z * error
    assert abs(difference) <= Z * spread


def test_who_leaves_frees_the_slots_within_a_second(server):
    served = Served(server.url, "sc", "--beta", "1", "--branches", "64")
    try:
        question = json.loads(RECORDED.read_text())[0]["question"]
        for stream in (False, True):
            body = json.dumps({"model": "arith-1m", "stream": stream,
                               "messages": [{"role": "user", "content": question}]}).encode()
            host, port = served.url.removeprefix("http://").split(":")
            client = socket.create_connection((host, int(port)))
            client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                           b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            until(lambda: server.metrics()["server_running"] >= 4, 30)
            client.close()
            took = until(lambda: server.metrics()["server_running"] == 0, 5)
            print(f"\nfree after {took:.2f} s")
            assert took <= 1
            generated = server.metrics()["server_generated_tokens"]
            time.sleep(1)
            assert server.metrics()["server_generated_tokens"] == generated
        until(lambda: served.metric('evotts_episodes_total{end="cancelled"}') == 2, 5)
    finally:
        served.end()


@pytest.fixture(scope="module")
def openai_client(tmp_path_factory):
    """The official client of the protocol, from npm."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "client.mjs").write_text((HERE / "openai_client.mjs").read_text())
    made = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "openai@6.30.1"], cwd=folder,
                          capture_output=True, text=True, timeout=300)
    if made.returncode != 0:
        pytest.skip("npm has no package of the client: " + made.stderr[-300:])
    return folder / "client.mjs"


def test_the_official_client_is_content(server, openai_client):
    question = json.loads(RECORDED.read_text())[0]["question"]
    served = Served(server.url, "sc", "--beta", "0.5", "--branches", "8")
    try:
        run = subprocess.run(["node", openai_client, served.url + "/v1", "arith-1m", question], capture_output=True,
                             text=True, timeout=300)
    finally:
        assert served.end() == 0
    assert run.returncode == 0, run.stderr
    seen = {line["tried"]: line for line in map(json.loads, run.stdout.splitlines())}
    assert seen["models"]["models"] == ["arith-1m"]
    whole, stream = seen["whole"], seen["stream"]
    assert whole["finish"] == "stop" and whole["tokens"] > 0
    assert whole["answer"] in whole["content"]
    assert stream["finish"] == "stop" and stream["tokens"] > 0 and stream["chunks"] >= 3
    assert stream["content"]
    assert seen["helper"]["content"] == whole["content"]  # the same seed
    assert seen["refused"]["status"] == 400 and seen["refused"]["param"] == "n"
    assert seen["aborted"]["kind"] == "APIUserAbortError"
