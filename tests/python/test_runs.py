"""What a run found, as the commands tell it."""
import csv
import io
import threading

import evotts
import pytest


@pytest.fixture(scope="module")
def folder(program, root, tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "first"
    program("run", str(root / "experiments/demo.toml"), "--out", str(path), "--generations", "3", "--set", "population.size=12",
            "objective.expected_gain=false")
    return path


@pytest.fixture(scope="module")
def run(folder):
    return evotts.Run.open(folder)


def test_what_is_recommended_is_found_by_its_id(program, root, tmp_path):
    program("run", str(root / "experiments/demo.toml"), "--out", str(tmp_path / "a"), "--generations", "2", "--set",
            "population.size=12")
    run = evotts.Run.open(tmp_path / "a")
    best = run.best()
    assert best["text"] == program("export", str(tmp_path / "a"))
    assert run.controller(best["id"][:8]) == run.controller("best") == evotts.Controller.parse(best["text"])


def test_it_is_read_as_the_commands_read_it(program, folder, run):
    assert run.generation == 3 and "seed" in run.experiment
    best = run.best()
    assert best["text"] == program("export", str(folder))
    assert run.controller() == run.controller("best") == evotts.Controller.parse(best["text"])
    assert run.controller(best["id"][:8]).id == best["id"]
    population = run.population()
    assert len(population) == 12 and best in population
    assert [each["fitness"] for each in population] == sorted((each["fitness"] for each in population), reverse=True)
    for each in population:
        assert set(each) == {"id", "name", "size", "score", "fitness", "born", "operation", "parents", "text", "curve"}
        assert each["curve"] and all(set(p) == {"beta", "accuracy", "tokens", "latency_tokens"} for p in each["curve"])
    told = list(csv.DictReader(io.StringIO(program("status", str(folder), "--format", "csv"))))
    frontier = run.frontier()
    assert len(told) == len(frontier) and [p["tokens"] for p in frontier] == sorted(p["tokens"] for p in frontier)
    for point in frontier:
        assert set(point) == {"id", "beta", "accuracy", "tokens"} and run.controller(point["id"]).id == point["id"]


def test_a_lineage_ends_with_a_founder(run):
    for each in run.population():
        line = run.lineage(each["id"])
        assert line[0]["id"] == each["id"] and line[0]["text"] == each["text"] and line[-1]["parents"] == []
        assert all(a["parents"][0] == b["id"] for a, b in zip(line, line[1:]))
    assert run.lineage()[0]["id"] == run.best()["id"]


def test_generations_are_chosen(folder):
    for generation in range(4):
        assert evotts.Run.open(str(folder), generation).generation == generation
    for wrong in (4, -1):
        with pytest.raises(evotts.InputError):
            evotts.Run.open(folder, wrong)
    for wrong in (1.5, 2**40):
        with pytest.raises(ValueError):
            evotts.Run.open(folder, generation=wrong)


def test_what_is_not_there_is_refused(folder, run, tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(evotts.InputError):
            evotts.Run.open(path)
    for name in ("", "ab", "zzzz", "0" * 40, "worst"):
        for read in (run.controller, run.lineage):
            with pytest.raises(evotts.InputError):
                read(name)


def test_threads_read_it_at_once(run):
    expected, failures = (run.lineage(), run.population()), []

    def work():
        for _ in range(5):
            if (run.lineage(), run.population()) != expected:
                failures.append("differs")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []


def test_its_controllers_are_scored(run):
    found = evotts.evaluate([run.controller()], [evotts.Environment.synthetic("seed=13")], [0.5], orderings=3)
    assert found.rows()[0]["id"] == run.best()["id"]
