"""Scores are those of the command, as arrays and as rows."""
import csv
import io
import subprocess
import sys

import evotts
import pytest

SPECIFICATIONS = ["seed=3,questions=5,branches=32", "seed=4,questions=4,branches=16"]
BETAS = [0, 0.5, 1]


@pytest.fixture(scope="module")
def environments():
    return [evotts.Environment.synthetic(each) for each in SPECIFICATIONS]


@pytest.fixture(scope="module")
def controllers():
    return [evotts.Controller.known(each) for each in ("cmc", "esc", "sc")]


def test_rows_are_the_figures_of_the_command(program, environments, controllers):
    found = evotts.evaluate(controllers, environments, BETAS, orderings=7, first_ordering=2, bootstrap_seed=9,
                            budget=60_000, probe_cost=10)
    printed = program("eval", "cmc", "esc", "sc", "--env", *("synthetic:" + each for each in SPECIFICATIONS), "--beta",
                      "0,0.5,1", "--orderings", "7", "--seed-first", "2", "--bootstrap-seed", "9", "--budget", "60000",
                      "--probe-cost", "10", "--format", "csv")
    of_command = {(r["environment"], r["controller"], r["beta"]): r for r in csv.DictReader(io.StringIO(printed))}
    rows = found.rows()
    assert len(rows) == 18
    for row in rows:
        other = of_command[row["environment"], row["controller"], f"{row['beta']:g}"]
        for name, digits in (("accuracy", 2), ("accuracy_low", 2), ("accuracy_high", 2), ("tokens", 3), ("latency_tokens", 3)):
            assert f"{row[name]:.{digits}f}" == other[name], (row, name)


def test_arrays_are_the_rows(environments, controllers):
    numpy = pytest.importorskip("numpy")
    found = evotts.evaluate(controllers, environments, BETAS, orderings=4)
    for name in ("accuracy", "accuracy_low", "accuracy_high", "tokens", "latency_tokens"):
        array = getattr(found, name)
        assert array.shape == (3, 2, 3) and array.dtype == numpy.float64
        assert array.ravel().tolist() == [row[name] for row in found.rows()]
        assert array is getattr(found, name)
        with pytest.raises(ValueError):
            array[0, 0, 0] = 1
    assert (found.accuracy_low <= found.accuracy).all() and (found.accuracy <= found.accuracy_high).all()


def test_sums_of_questions_add_up(environments, controllers):
    numpy = pytest.importorskip("numpy")
    found = evotts.evaluate(controllers, environments, BETAS, orderings=4)
    assert found.orderings == 4 and found.betas == BETAS
    assert [c.name for c in found.controllers] == ["cmc", "esc", "sc"]
    for place, environment in enumerate(environments):
        sums = found.per_question(place)
        assert set(sums) == {"right", "tokens", "latency_tokens"}
        for array in sums.values():
            assert array.shape == (3, 3, environment.questions) and array.dtype == numpy.int64
        episodes = 4 * environment.questions
        assert numpy.array_equal(100 * sums["right"].sum(axis=2) / episodes, found.accuracy[:, place, :])
        assert numpy.array_equal(sums["tokens"].sum(axis=2) / episodes, found.tokens[:, place, :])
        assert numpy.array_equal(sums["latency_tokens"].sum(axis=2) / episodes, found.latency_tokens[:, place, :])


def test_threads_change_nothing(environments, controllers):
    one = evotts.evaluate(controllers, environments, BETAS, orderings=5, threads=1).rows()
    for threads in (0, 2, 7):
        assert evotts.evaluate(controllers, environments, BETAS, orderings=5, threads=threads).rows() == one


def test_what_is_missing_or_of_another_type_is_refused(environments, controllers):
    for arguments, error, message in (
        (([], environments, BETAS), evotts.InputError, "no controller"),
        ((controllers, [], BETAS), evotts.InputError, "no environment"),
        ((controllers, environments, []), evotts.InputError, "no beta"),
        ((controllers[0], environments, BETAS), TypeError, "controllers must be a sequence of Controller"),
        ((controllers, environments[0], BETAS), TypeError, "environments must be a sequence of Environment"),
        ((["cmc"], environments, BETAS), TypeError, r"controllers\[0\] must be a Controller, found str"),
        ((controllers, [environments[0], None], BETAS), TypeError, r"environments\[1\] must be an Environment, found NoneType"),
        ((environments, controllers, BETAS), TypeError, r"controllers\[0\] must be a Controller"),
    ):
        with pytest.raises(error, match=message):
            evotts.evaluate(*arguments)


def test_a_signal_that_is_missing_is_told():
    text = evotts.Controller.known("sc").text
    assert text  # the language has signals; a controller of the library that reads one:
    readers = [n for n in evotts.known_controllers() if "signal" in evotts.Controller.known(n).text]
    for name in readers:
        with pytest.raises(evotts.InputError, match="signal"):
            evotts.evaluate([evotts.Controller.known(name)], [evotts.Environment.synthetic()], [0.5])


def test_without_numpy_arrays_say_so_and_rows_do():
    code = """
import sys
sys.modules["numpy"] = None
import evotts
found = evotts.evaluate([evotts.Controller.known("sc")], [evotts.Environment.synthetic("questions=1")], [0.5], orderings=1)
assert len(found.rows()) == 1
for read in (lambda: found.accuracy, lambda: found.per_question(0)):
    try:
        read()
    except ImportError as error:
        assert "numpy" in str(error) and "rows()" in str(error)
    else:
        raise SystemExit("no error")
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env={"PYTHONPATH": ":".join(sys.path)})
