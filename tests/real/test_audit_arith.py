"""Audits a controller at a real model behind a real server: the recorded model is not flagged, others are.

Run by `./dev live`. EVOTTS_BINARY is the program; EVOTTS_SHARED (../shared without it) has the models, the server and
the recording. EVOTTS_AUDIT_TRIES (2) is how often the recorded model is tried.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("EVOTTS_SHARED", ROOT.parent / "shared"))
BINARY = os.environ.get("EVOTTS_BINARY", str(ROOT / "build/release/evotts"))
RECORDED = SHARED / "replay_arith/arith-1m/search.json"
TRIES = int(os.environ.get("EVOTTS_AUDIT_TRIES", "2"))
SUFFIX = ("--look-suffix", "!")

pytestmark = pytest.mark.skipif(not RECORDED.exists() or not (SHARED / "live/start").exists(),
                                reason="the shared folder is not here")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def served(model):
    """A model behind its server: the process, and its address."""
    port = free_port()
    process = subprocess.Popen([SHARED / "live/start", SHARED / "live" / model, "--port", str(port), "--slots", "8"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:  # installs its package the first time
        if "listening" in line:
            return process, f"http://127.0.0.1:{port}/v1"
    raise RuntimeError(f"the server ended with {process.wait()}")


@pytest.fixture(scope="module")
def recorded_model():
    process, url = served("arith-1m.gguf")
    yield url
    process.send_signal(signal.SIGKILL)
    process.wait(20)


@pytest.fixture(scope="module")
def other_model():
    process, url = served("arith-6m.gguf")
    yield url
    process.send_signal(signal.SIGKILL)
    process.wait(20)


def audit(url, *more, seed=1, suffix=SUFFIX):
    begun = time.time()
    ran = subprocess.run(
        [BINARY, "audit", "cmc", "--env", str(RECORDED), "--upstream", url, "--beta", "0.2", "--max-tokens", "500",
         "--task", "number", "--prompt", "{question}", "--end-of-thought", "", "--logit-bias", "33=-100", "--seed",
         str(seed), "--format", "json", *suffix, *more], capture_output=True, text=True, timeout=600)
    assert ran.stdout, ran.stderr
    told = json.loads(ran.stdout)
    assert told["episodes"] == told["episodes_wanted"] == 60
    assert ran.returncode == (0 if told["agrees"] else 1)
    told["p"] = min(row["adjusted"] for row in told["checks"])
    print(f"{time.time() - begun:.0f} s, smallest adjusted p {told['p']}: {told['likely_causes']}")
    for row in told["checks"]:
        print("  ", row)
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
    told = audit(recorded_model, suffix=("--look-suffix", "="))
    assert told["p"] < 0.001 and flags(told) & {"looks_agree", "looks_without_answer"}
    assert told["likely_causes"][0].startswith("Looks differ most")


def test_another_model_is_flagged(other_model):
    told = audit(other_model)
    assert told["p"] < 0.001 and told["likely_causes"]
