"""A coding agent's side of evotts mcp, by the official client of the protocol, against a running experiment."""

import json
import pathlib
import shutil
import subprocess

import pytest
from model_server import BINARY

HERE = pathlib.Path(__file__).resolve().parent

EXPERIMENT = """
name = "asked"
seed = 1
generations = 1

[[models]]
kind = "command"
name = "agent"
command = ["{binary}", "inbox", "agent-inbox"]
seconds = 20
concurrency = 1

[environments]
search = ["synthetic:seed=11"]

[evaluation]
betas = [0, 0.5, 1]
orderings = 4

[objective]
budget_low = 40000
budget_high = 400000

[population]
size = 16
children = 16

[model]
share = 0.05
patience = 0
"""

CONTROLLER = """controller mine
rounds 500

schedule
  width rises round(3 * 22^beta)
  level rises LEVEL + 0.15 * beta

start
  open width

round
  stop when exists(top(finished))
  prune opened >= width when count(finished) >= 1
  advance active by 4
  stop when count(active) >= 3 and confidence(active) >= level

answer
  top(finished, streak)
  top(not pruned)
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    if shutil.which("npm") is None:
        pytest.skip("there is no npm")
    folder = tmp_path_factory.mktemp("client")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "client.mjs").write_text((HERE / "mcp_client.mjs").read_text())
    made = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund",
                           "@modelcontextprotocol/sdk@1.32.2"], cwd=folder, capture_output=True, text=True,
                          timeout=300)
    if made.returncode != 0:
        pytest.skip("npm has no package of the client: " + made.stderr[-300:])
    return folder / "client.mjs"


def test_an_agent_evaluates_cancels_and_proposes(client, tmp_path):
    binary = pathlib.Path(BINARY).resolve()
    (tmp_path / "e.toml").write_text(EXPERIMENT.format(binary=binary))
    (tmp_path / "mine.ctl").write_text(CONTROLLER)
    run = subprocess.Popen([binary, "run", "e.toml", "--out", "a", "--trust"], cwd=tmp_path, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    try:
        agent = subprocess.run(["node", client, binary, tmp_path, tmp_path / "mine.ctl"], capture_output=True,
                               text=True, timeout=300)
        said, _ = run.communicate(timeout=120)
    finally:
        run.kill()
        run.wait()
    assert agent.returncode == 0, agent.stderr
    seen = {line["tried"]: line for line in map(json.loads, agent.stdout.splitlines())}
    assert seen["server"]["name"] == "evotts" and "propose" in seen["server"]["instructions"]
    assert {"eval", "trace", "lineage", "propose"} <= set(seen["tools"]["names"])
    assert seen["eval"]["text"].startswith("environment,controller,beta,accuracy")
    assert "did you mean 'open'" in seen["mistake"]["text"]
    assert seen["cancel"]["cancelled"] and seen["cancel"]["milliseconds"] < 5000
    assert not seen["propose"]["failed"], seen["propose"]["text"]
    assert run.returncode == 0, said
    assert "answered" in said and " 0 children" not in said, said
