"""The page of a run of thousands of generations: how large it is, how long it takes, and that it can be used."""
import os
import pathlib
import resource
import subprocess
import time

import pytest

from browser import Browser, find
from long_run import make

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVOTTS = pathlib.Path(os.environ.get("EVOTTS_BUILD", ROOT / "build" / "release")) / "evotts"
# Of a processor; a page is there in half of that where two work on it alone, but tests run beside others.
MOST_SECONDS = 9
EXPERIMENT = """name = "long"
generations = 30
[environments]
search = ["synthetic:seed=5,questions=6,branches=24"]
[evaluation]
betas = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
orderings = 2
[objective]
budget_low = 5000
budget_high = 1000000
[population]
size = 24
children = 12
edition = 3
"""


def evotts(folder, *arguments):
    ran = subprocess.run([EVOTTS, *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    (folder / "long.toml").write_text(EXPERIMENT)
    evotts(folder, "run", "long.toml", "--out", "short")
    return folder


@pytest.mark.parametrize("generations, megabytes", [(200, 3), (5000, 8)])
def test_a_page_is_small_and_soon_there(folder, generations, megabytes):
    run = f"run{generations}"
    make(folder / "short", folder / run, generations)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    evotts(folder, "report", run, "--no-episodes", "-o", run + ".html")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = (folder / (run + ".html")).stat().st_size
    print(f"{generations} generations: {size / 1e6:.2f} MB, {seconds:.2f} s of processors, {time.monotonic() - begun:.2f} s")
    assert size < megabytes * 1e6
    assert seconds < MOST_SECONDS
    if generations == 200:  # what episodes tell is part of it
        evotts(folder, "report", run, "-o", "whole.html")
        assert (folder / "whole.html").stat().st_size < megabytes * 1e6


@pytest.mark.skipif(find() is None, reason="no Chromium here (chromium on Debian)")
def test_thousands_of_steps_can_be_clicked(folder):
    with Browser() as browser:
        page = browser.open((folder / "run5000.html").as_uri())
        steps = page.evaluate("document.querySelectorAll('#lineage ol.steps button').length")
        assert steps > 1500
        begun = time.monotonic()
        page.evaluate("document.querySelectorAll('#lineage ol.steps button')[700].click()")
        assert "Its text, beside its first parent's" in page.evaluate("document.querySelector('#lineage .pair').innerText")
        targets = page.evaluate("document.querySelector('#lineage select').options.length")
        assert targets > 2
        page.evaluate("""(() => { const s = document.querySelector("#lineage select");
          s.value = s.options[s.options.length - 1].value; s.dispatchEvent(new Event("change")); })()""")
        page.settle()
        assert page.evaluate("document.querySelectorAll('#lineage ol.steps button').length") > 100
        assert page.evaluate("document.querySelectorAll('#progress table').length") == 0, "tables are made when opened"
        assert page.errors == []
        assert time.monotonic() - begun < 60
