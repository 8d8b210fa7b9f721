"""Pages of runs in a real browser: every part is opened and clicked, and nothing is said to the console."""
import os
import pathlib
import subprocess

import pytest

from browser import Browser, find

pytestmark = pytest.mark.skipif(find() is None, reason="no Chromium here (chromium on Debian)")

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVOTTS = pathlib.Path(os.environ.get("EVOTTS_BUILD", ROOT / "build" / "release")) / "evotts"
HOSTILE = "</script><script>window.hurt = 1</script>"

# Opens every fold, presses every button of the lineage, takes every choice of every select in turn.
CLICK_ALL = """(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => done()));
  let clicks = 0;
  for (const fold of document.querySelectorAll("details")) { fold.open = true; ++clicks; }
  await frame();
  for (const button of [...document.querySelectorAll("#lineage button")].slice(0, 60)) { button.click(); ++clicks; }
  for (const select of document.querySelectorAll("main select"))
    for (const option of select.isConnected ? [...select.options].slice(0, 8) : []) {
      select.value = option.value;
      select.dispatchEvent(new Event("change"));
      await frame();
      ++clicks;
    }
  return clicks;
})()"""

# What has no name for those who do not see it, or says less than it should.
UNNAMED = """[
  ...[...document.querySelectorAll("canvas, svg[role=img], section")].filter((e) =>
    !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")),
  ...[...document.querySelectorAll("select")].filter((e) => !e.closest("label")),
  ...[...document.querySelectorAll("table")].filter((e) => !e.caption && !e.closest("[aria-label]")),
].map((e) => e.outerHTML.slice(0, 100))"""

# The least contrast of texts to their ground, as WCAG reckons it.
CONTRAST = """(() => {
  const rgb = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  let least = 21, where = "";
  for (const e of document.querySelectorAll("main *, header *, nav *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.closest("svg, select, .plus, .minus")) continue;
    let ground = e;
    while (ground && (rgb(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
    const a = light(rgb(getComputedStyle(e).color)), b = light(rgb(getComputedStyle(ground ?? document.body).backgroundColor));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) { least = ratio; where = e.outerHTML.slice(0, 120); }
  }
  return [least, where];
})()"""


def evotts(folder, *arguments):
    ran = subprocess.run([EVOTTS, *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder with the runs a and b, and the damaged run c."""
    folder = tmp_path_factory.mktemp("runs")
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    (folder / "small.toml").write_text(f"""name = "{HOSTILE}"
generations = 4
[environments]
search = ["synthetic:seed=5,questions=8,branches=24"]
[evaluation]
betas = [0, 0.5, 1]
orderings = 3
[objective]
budget_low = 20000
budget_high = 300000
[population]
size = 16
children = 16
""")
    for name, seed in (("a", 1), ("b", 2), ("c", 1)):
        evotts(folder, "run", "small.toml", "--out", name, "--set", f"seed={seed}")
    (folder / "c" / "lineage" / "0000" / "000001.jsonl").write_text(HOSTILE)
    subprocess.run(["git", "-c", "safe.directory=*", "-c", "user.name=x", "-c", "user.email=x@localhost", "commit",
                    "--quiet", "--all", "-m", f"{HOSTILE}\n\nGeneration: 4\nBest-Score: 1.5\n"], cwd=folder / "c",
                   check=True)
    return folder


@pytest.fixture(scope="module")
def browser():
    with Browser() as one:
        yield one


def opened(browser, runs, *names):
    file = runs / ("-".join(names) + ".html")
    evotts(runs, "report", *names, "-o", file, "--force")
    return browser.open(file.as_uri())


def check(page):
    assert page.evaluate(CLICK_ALL) > 5
    page.settle()
    assert page.errors == []
    assert page.evaluate("window.hurt") is None
    assert [url for url in page.requests if not url.startswith(("file:", "data:", "about:"))] == []
    assert page.evaluate(UNNAMED) == []
    for dark in (False, True):
        page.look(1200, dark)
        least, where = page.evaluate(CONTRAST)
        assert least >= 4.5, where
    page.look(390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.errors == []


def test_a_run(browser, runs):
    page = opened(browser, runs, "a")
    titles = page.evaluate("[...document.querySelectorAll('h2')].map((e) => e.textContent)")
    for part in ("Summary", "The best controller", "Accuracy against tokens", "Why it works", "Progress", "Lineage",
                 "Operators", "Questions"):
        assert part in titles
    assert HOSTILE in page.evaluate("document.body.innerText")
    check(page)


def test_figures_are_those_of_the_commands(browser, runs):
    page = opened(browser, runs, "a")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.settle()
    shown = page.evaluate("""[...document.querySelectorAll("#progress table")][0].tBodies[0].innerText""")
    expected = [line.split() for line in evotts(runs, "log", "a").splitlines()[1:]]
    assert [line.split() for line in shown.splitlines()] == expected
    status = evotts(runs, "status", "a")
    for fact in page.evaluate("[...document.querySelectorAll('#summary dd')].map((e) => e.textContent)"):
        assert fact in status


def test_a_step_of_the_lineage_shows_its_text(browser, runs):
    page = opened(browser, runs, "a")
    page.evaluate("document.querySelector('ol.steps li:last-child button').click()")
    text = page.evaluate("document.querySelector('#lineage .pair pre').textContent")
    assert "controller " in text
    pressed = page.evaluate("document.querySelectorAll('ol.steps [aria-pressed=true]').length")
    assert pressed == 1


def test_a_damaged_run(browser, runs):
    page = opened(browser, runs, "c")
    alert = page.evaluate("document.querySelector('[role=alert]').textContent")
    assert "lineage is shown in part" in alert and "000001.jsonl line 1" in alert
    check(page)


def test_several_runs(browser, runs):
    page = opened(browser, runs, "a", "b")
    titles = page.evaluate("[...document.querySelectorAll('h2')].map((e) => e.textContent)")
    assert titles == ["Runs", "Progress", "Spread over seeds", "Paired differences"]
    paired = page.evaluate("document.querySelector('#paired').innerText")
    assert "Differences to asc: lowest, median and highest of the runs" in paired
    page.evaluate("document.querySelector('.runs button').click()")
    page.settle()
    assert "Lineage" in page.evaluate("document.body.innerText")
    check(page)


# The darkest grey on each canvas, where it is not see-through: of texts on light ground, of the grid on dark.
INK = """[...document.querySelectorAll("canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let least = 255;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 200 && Math.abs(data[i] - data[i + 1]) < 12 && Math.abs(data[i + 1] - data[i + 2]) < 12)
      least = Math.min(least, data[i]);
  return least;
})"""


def test_paper_is_light(browser, runs):
    page = opened(browser, runs, "a")
    page.look(1200, dark=True)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    dark = page.evaluate(INK)
    page.as_printed(dark=True)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    least, where = page.evaluate(CONTRAST)
    assert least >= 4.5, where
    for on_screen, on_paper in zip(dark, page.evaluate(INK), strict=True):
        assert on_screen > 45 > on_paper, "charts are drawn anew for paper"
    assert page.evaluate("document.documentElement.scrollWidth") <= 760
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    page.look(1200, dark=True)
    page.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    page.settle()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    assert page.pdf().startswith(b"%PDF")
    assert page.errors == []


def test_charts_are_drawn(browser, runs):
    page = opened(browser, runs, "a")
    drawn = page.evaluate("""[...document.querySelectorAll("canvas")].map((canvas) =>
      new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)""")
    if page.evaluate("typeof Chart") == "undefined":
        pytest.skip("built without Chart.js")
    assert len(drawn) >= 3 and min(drawn) > 10


def test_curves_are_drawn_around_the_budgets(browser, runs):
    page = opened(browser, runs, "a")
    if page.evaluate("typeof Chart") == "undefined":
        pytest.skip("built without Chart.js")
    chart = "Chart.getChart(document.querySelector('#accuracy canvas'))"
    assert page.evaluate(f"[{chart}.scales.x.min, {chart}.scales.x.max]") == [10000, 600000]
    drawn = page.evaluate(f"{chart}.data.datasets.flatMap((set) => set.data.map((point) => point.x))")
    assert drawn and all(10000 <= x <= 600000 for x in drawn)
    assert page.evaluate(f"{chart}.data.datasets.every((set) => set.data.length > 0)")
    left = page.evaluate("document.querySelector('#accuracy figure + p.faint').textContent")
    assert left.startswith("The chart goes from 10k to 600k. ")


def test_curves_go_to_the_edges_of_their_chart(browser, runs):
    page = opened(browser, runs, "a")
    if page.evaluate("typeof Chart") == "undefined":
        pytest.skip("built without Chart.js")
    chart = "Chart.getChart(document.querySelector('#accuracy canvas'))"
    pieces = page.evaluate(f"{chart}.data.datasets.flatMap((set) => set.edges)")
    assert pieces, "a curve of these runs leaves the chart"
    low, high = page.evaluate(f"[{chart}.scales.y.min, {chart}.scales.y.max]")
    for ends in pieces:
        assert any(end["x"] in (10000, 600000) for end in ends)
        assert all(10000 <= end["x"] <= 600000 and low <= end["y"] <= high for end in ends)
    assert page.evaluate(f"{chart}.data.datasets.every((set) => set.showLine || set.edges.length === 0)")
    # Both points are outside, and the chart has the middle third of their line in log tokens.
    page.evaluate("""document.body.append(evotts.chart({ label: "", x: "", y: "", log: true, within: [10, 100],
      series: [{ label: "", points: [{ x: 1, y: 0 }, { x: 1000, y: 30 }] }] }))""")
    page.settle()
    across = page.evaluate("Chart.getChart([...document.querySelectorAll('canvas')].at(-1)).data.datasets[0].edges")
    assert [end["x"] for end in across[0]] == [10, 100]
    assert [end["y"] for end in across[0]] == pytest.approx([10, 20])
    assert page.errors == []
