"""Audits a controller at a real model behind a real server: the recorded model is not flagged, others are.

Run by `./dev live`. EVOTTS_BINARY is the program; EVOTTS_SHARED (../shared without it) has the models, the server and
the recording. EVOTTS_AUDIT_TRIES (2) is how often the recorded model is tried.
"""

import json
import os
import signal
import subprocess
import time

import pytest
from model_server import BINARY, RECORDED, Server, needs_the_model

pytestmark = needs_the_model

TRIES = int(os.environ.get("EVOTTS_AUDIT_TRIES", "2"))
QUESTIONS = 24
SUFFIX = ("--look-suffix", "!")


@pytest.fixture(scope="module")
def recorded_model():
    server = Server()
    yield server.url
    server.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def other_model():
    server = Server(model="arith-6m")
    yield server.url
    server.end(signal.SIGKILL)


def audit(url, *more, seed=1, suffix=SUFFIX, questions=QUESTIONS):
    begun = time.time()
    ran = subprocess.run(
        [BINARY, "audit", "cmc", "--env", str(RECORDED), "--upstream", url, "--beta", "0", "--questions", str(questions), "--max-tokens", "500",
         "--task", "number", "--prompt", "{question}", "--end-of-thought", "", "--logit-bias", "33=-100", "--seed",
         str(seed), "--format", "json", *suffix, *more], capture_output=True, text=True, timeout=3000)
    assert ran.stdout, ran.stderr
    told = json.loads(ran.stdout)
    told["p"] = min(row["adjusted"] for row in told["checks"])
    print(f"{time.time() - begun:.0f} s, smallest adjusted p {told['p']}: {told['likely_causes']}")
    for row in told["checks"]:
        print("  ", row)
    repeats = int(more[more.index("--repeats") + 1]) if "--repeats" in more else 1
    assert told["episodes"] == told["episodes_wanted"] == repeats * questions
    assert ran.returncode == (0 if told["agrees"] else 1)
    return told


def flags(told):
    return {row["check"] for row in told["checks"] if row["flag"]}


@pytest.mark.parametrize("seed", range(1, TRIES + 1))
def test_the_recorded_model_is_not_flagged(recorded_model, seed):
    told = audit(recorded_model, seed=seed)
    assert told["agrees"], flags(told)


def test_another_temperature_is_flagged(recorded_model):
    told = audit(recorded_model, "--temperature", "0.7")
    assert told["p"] < 0.001 and "logprob" in flags(told)
    assert "lower temperature" in told["likely_causes"][0]


def test_a_wrong_suffix_is_flagged(recorded_model):
    told = audit(recorded_model, suffix=("--look-suffix", "="), questions=60)
    assert told["p"] < 0.001 and flags(told) & {"looks_agree", "looks_without_answer"}
    assert told["likely_causes"][0].startswith("Looks differ most")


@pytest.mark.skipif(os.environ.get("EVOTTS_ALL_QUESTIONS") != "1", reason="takes long; EVOTTS_ALL_QUESTIONS=1 runs it")
def test_another_model_is_flagged(other_model):
    # The models are alike: on one episode a question the shares of right branches are three errors apart.
    told = audit(other_model, "--repeats", "2", questions=60)
    assert told["p"] < 0.001 and told["likely_causes"]
