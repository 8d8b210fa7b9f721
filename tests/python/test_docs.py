"""The examples of docs/python.md run as written, one after another."""
import re

import evotts
import pytest

pytest.importorskip("numpy")

BLOCK = re.compile(r"(?:<!-- (?P<mark>.*?) -->\n)?^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


def run_page(root, found):
    page = (root / "docs/python.md").read_text()
    for block in BLOCK.finditer(page):
        code = "\n" * page[: block.start("code")].count("\n") + block["code"]
        compiled = compile(code, "docs/python.md", "exec")
        if block["mark"]:
            assert block["mark"].startswith("not run: ")
        else:
            exec(compiled, found)
            found["run"] = found.get("run", 0) + 1
    return found


@pytest.fixture(scope="module")
def page(root):
    return run_page(root, {"__name__": "page"})


def test_every_example_runs(page):
    assert page["run"] >= 7


class Counting:
    """An engine that counts its calls, and keeps what each was asked."""

    def __init__(self, engine):
        self.engine, self.calls = engine, []
        self.suffix, self.encode, self.decode = engine.suffix, engine.encode, engine.decode

    def generate(self, prompts, most, look=False):
        assert len(prompts) == len(most) > 0 and all(n > 0 for n in most)
        self.calls.append((len(prompts), look))
        return self.engine.generate(prompts, most, look)


@pytest.mark.parametrize("name", ["asc", "cmc", "sc", "esc", "parallel_probe", "two_stage"])
@pytest.mark.parametrize("interval, most", [(50, 2000), (30, 100), (7, 7)])
def test_in_lock_step_all_get_the_answers_they_get_alone(page, name, interval, most):
    controller, prompts = evotts.Controller.known(name), [f"question {i}\n" for i in range(12)]
    together = Counting(page["StandIn"]())
    answers = page["answer_all"](prompts, controller, 0.5, together, interval=interval, most=most)
    rounds = []
    for prompt, answer in zip(prompts, answers):
        alone = Counting(page["StandIn"]())
        assert page["answer_all"]([prompt], controller, 0.5, alone, interval=interval, most=most) == [answer]
        rounds.append(len(alone.calls))
    assert len(together.calls) <= sum(rounds) and max(rounds) <= len(together.calls)
    assert len(together.calls) <= 2 * max(rounds)
    assert max(size for size, _ in together.calls) >= len(prompts)
