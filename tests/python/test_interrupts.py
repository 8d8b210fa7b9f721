"""Handlers of signals run within long calls, and what they raise ends the call soon and without harm."""
import signal
import subprocess
import sys
import threading
import time

import evotts
import pytest

SC = evotts.Controller.known("sc")
ONE_QUESTION = evotts.Environment.synthetic("seed=3,questions=1,branches=64")
BETAS = [i / 100 for i in range(101)]
SOON = 1.5  # seconds, where other work is done at the same time; a third of one where it is not


class Rung(Exception):
    pass


def ring(*_):
    raise Rung


def ended_after(call, alarm=0.2):
    """Seconds from the alarm to the end of the call, which it must end."""
    before = signal.signal(signal.SIGALRM, ring)
    began = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, alarm)
    try:
        with pytest.raises(Rung):
            call()
        return time.monotonic() - began - alarm
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def evaluate(threads, **options):
    return evotts.evaluate([evotts.Controller.known("cmc")] * 5, [ONE_QUESTION], BETAS, threads=threads, **options)


@pytest.mark.parametrize("threads", [0, 1, 7])
def test_one_question_with_all_orderings(threads):
    short = dict(orderings=3, first_ordering=5)
    expected = evaluate(1, **short).rows()
    assert ended_after(lambda: evaluate(threads, orderings=10_000)) < SOON
    assert evaluate(threads, **short).rows() == expected


LONG = {
    "synthetic": lambda: evotts.Environment.synthetic("questions=20000,branches=64,max_tokens=30000"),
    "open": lambda: evotts.Environment.open(["synthetic:questions=20000,branches=64,max_tokens=30000"]),
    "make of many questions": lambda: evotts.Environment.make("m", [("q", "1", 10, [(["1"], 12, "1")])] * 1_000_000),
    "make of many probes": lambda: evotts.Environment.make("m", [("q", "1", 10, [(["1"] * 100_000, 12, "1")])] * 300),
    "normal form": lambda: evotts.normal_form("\\boxed{" + "1" * 3_000_000 + "}"),
    "extraction": lambda: evotts.Extractor("number").answer("12 " * 3_000_000),
}


@pytest.mark.parametrize("what", LONG)
def test_making_and_reading(what):
    assert ended_after(LONG[what]) < SOON


def test_a_handler_may_use_the_module_within_a_call():
    seen = []

    def look(*_):
        seen.append(evotts.evaluate([SC], [ONE_QUESTION], [0.5], orderings=2).rows())

    expected = evotts.evaluate([SC], [ONE_QUESTION], [0.5], orderings=2).rows()
    before = signal.signal(signal.SIGALRM, look)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.1)
        rows = evaluate(2, orderings=400).rows()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert seen and all(each == expected for each in seen)
    assert rows == evaluate(2, orderings=400).rows()


def test_handlers_run_in_the_main_thread_and_end_no_other():
    rows, failures = [], []

    def work():
        try:
            rows.append(evaluate(1, orderings=200).rows())
        except BaseException as error:  # noqa: B036
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert ended_after(lambda: evaluate(1, orderings=10_000), 0.3) < SOON
    thread.join()
    assert failures == [] and rows == [evaluate(1, orderings=200).rows()]


def test_ctrl_c_ends_the_process_as_python_does():
    code = """
import evotts
print("begins", flush=True)
evotts.Environment.synthetic("questions=20000,branches=64,max_tokens=30000")
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             env={"PYTHONPATH": ":".join(sys.path)})
    try:
        assert child.stdout.readline() == "begins\n"
        time.sleep(0.3)
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in child.communicate(timeout=20)[1]
        assert time.monotonic() - sent < SOON
        assert child.returncode == -signal.SIGINT
    finally:
        child.kill()
        child.wait()
