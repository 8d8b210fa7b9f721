"""Threads, forks and Ctrl-C around an evaluation."""
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import evotts
import pytest

CONTROLLERS = [evotts.Controller.known(each) for each in ("cmc", "asc")]
ENVIRONMENT = evotts.Environment.synthetic("seed=3,questions=8,branches=32")


def rows(_=None):
    return evotts.evaluate(CONTROLLERS, [ENVIRONMENT], [0.2, 0.8], orderings=20).rows()


EXPECTED = rows()


def ends(child, seconds):
    """Whether the process ends well in that time; it is ended otherwise."""
    for _ in range(int(seconds * 100)):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def forked(work):
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if work() else 1)
        finally:
            os._exit(2)
    return child


def read_and_evaluate():
    again = evotts.Environment.parse(ENVIRONMENT.json(), "again")
    return again.digest == evotts.Environment.parse(ENVIRONMENT.json(), "b").digest and rows() == EXPECTED


def test_a_child_evaluates_after_its_parent_did():
    for _ in range(3):
        assert rows() == EXPECTED
        assert ends(forked(read_and_evaluate), 60)
    assert rows() == EXPECTED


def test_a_child_evaluates_while_its_parent_does():
    stop = threading.Event()

    def work():
        while not stop.is_set():
            assert rows() == EXPECTED

    busy = threading.Thread(target=work)
    busy.start()
    try:
        for _ in range(10):
            assert ends(forked(read_and_evaluate), 60)
    finally:
        stop.set()
        busy.join()


def test_children_of_children_and_pools_evaluate():
    assert ends(forked(lambda: rows() == EXPECTED and ends(forked(read_and_evaluate), 60)), 120)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(rows, range(4)) == [EXPECTED] * 4


def name_and_digest(controller, environment):
    return controller.name, environment.digest


def test_controllers_and_environments_go_to_other_processes():
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(name_and_digest, (CONTROLLERS[0], ENVIRONMENT)) == ("cmc", ENVIRONMENT.digest)
        with pytest.raises(evotts.InputError) as caught:
            pool.apply(refused)
    assert caught.value.diagnostics


def refused():
    evotts.Controller.parse("controller {")


def test_no_thread_is_left():
    rows()
    assert len(os.listdir("/proc/self/task")) == threading.active_count()


def test_threads_of_python_evaluate_side_by_side():
    found = [None] * 6

    def work(place):
        found[place] = rows()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(found))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [EXPECTED] * len(found)


LONG = """
import threading, time, evotts
controllers = [evotts.Controller.known(each) for each in ("cmc", "asc", "esc", "sc")] * 50
environment = evotts.Environment.synthetic("seed=3,questions=200,branches=64")
betas = [i / 20 for i in range(21)]
"""


def test_other_threads_run_meanwhile():
    code = LONG + """
counted = []
def count():
    while not counted or counted[-1] is not None:
        counted.append(time.monotonic())
        time.sleep(0.01)
threading.Thread(target=count, daemon=True).start()
evotts.evaluate(controllers[:4], [environment], betas[:3], orderings=100)
gaps = [b - a for a, b in zip(counted, counted[1:])]
assert len(gaps) > 3 and max(gaps) < 1, (len(gaps), max(gaps))
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, env={"PYTHONPATH": ":".join(sys.path)})


def test_ctrl_c_ends_an_evaluation_soon():
    code = LONG + """
print("begins", flush=True)
try:
    evotts.evaluate(controllers, [environment], betas, orderings=10_000)
except KeyboardInterrupt:
    assert evotts.evaluate(controllers[:1], [environment], [0.5], orderings=1).rows()
    print("interrupted", flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                             env={"PYTHONPATH": ":".join(sys.path)})
    try:
        assert child.stdout.readline() == "begins\n"
        time.sleep(1.5)
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        assert child.stdout.readline() == "interrupted\n"
        assert time.monotonic() - sent < 5  # a second on a machine that does nothing else
        assert child.wait(timeout=20) == 0
    finally:
        child.kill()
        child.wait()


def test_a_handler_of_the_callers_own_raises_its_own():
    class Mine(Exception):
        pass

    def handler(*_):
        raise Mine

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(Mine):
            evotts.evaluate(CONTROLLERS * 100, [ENVIRONMENT] * 8, [0.2, 0.5, 0.8], orderings=10_000)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert rows() == EXPECTED


def test_a_daemon_thread_at_work_does_not_disturb_the_end():
    script = """
import threading, time, evotts
cmc, made_up = evotts.Controller.known("cmc"), evotts.Environment.synthetic("questions=20")
def work():
    while True:
        evotts.evaluate([cmc], [made_up], [0.5], orderings=1)
threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
"""
    for _ in range(3):
        folder = os.path.dirname(os.path.dirname(evotts.__file__))
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60,
                             env={**os.environ, "PYTHONPATH": folder})
        assert ran.returncode == 0, ran.stderr
