"""The model of the shared folder behind its server, and what the tests beside this file have in common."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("EVOTTS_SHARED", ROOT.parent / "shared"))
BINARY = os.environ.get("EVOTTS_BINARY", str(ROOT / "build/release/evotts"))
RECORDED = SHARED / "replay_arith/arith-1m/search.json"

needs_the_model = pytest.mark.skipif(not RECORDED.exists() or not (SHARED / "live/start").exists(),
                                     reason="the shared folder is not here")

# How the recordings of the shared folder were made.
BRANCH_OPTIONS = ["--interval", "16", "--max-tokens", "500", "--task", "number", "--prompt", "{question}", "--look-suffix",
                  "!", "--end-of-thought", "", "--logit-bias", "33=-100"]


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

    def __init__(self, port=None, model="arith-1m", slots=8):
        self.port = port or free_port()
        self.process = subprocess.Popen(
            [SHARED / "live/start", SHARED / f"live/{model}.gguf", "--port", str(self.port), "--slots", str(slots)],
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
