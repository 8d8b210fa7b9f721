"""Sessions: fed from a recording they are the machine; what does not fit leaves them as they were."""
import copy
import gc
import pickle
import random
import time

import evotts
import pytest
from engines import Recording

ENVIRONMENT = evotts.Environment.synthetic("seed=3,questions=3,branches=64")
QUESTIONS = [ENVIRONMENT.question(i) for i in range(3)]


def dealt(question, ordering):
    """The order of evaluate(): that of random.Random(ordering).shuffle."""
    order = list(range(len(question["branches"])))
    random.Random(ordering).shuffle(order)
    return Recording(question, order)


def wanted(session):
    return [want for want in session.wants if want.kind != "prune"]


def play(session, engine, shuffle=None):
    while session.next():
        results = [engine.result(want, session.signals) for want in wanted(session)]
        if shuffle is not None:
            shuffle.shuffle(results)
            for each in results:
                session.give(each)
        else:
            session.give(results)
    return session


@pytest.mark.parametrize("budget, probe_cost", [(None, 0), (60_000, 10), (5_000, 0), (0, 0)])
@pytest.mark.parametrize("name", [n for n in evotts.known_controllers() if "signal" not in evotts.Controller.known(n).text])
def test_fed_from_a_recording_it_is_the_machine(name, budget, probe_cost):
    pytest.importorskip("numpy")
    controller = evotts.Controller.known(name)
    for beta in (0.0, 0.6):
        found = evotts.evaluate([controller], [ENVIRONMENT], [beta], orderings=2, budget=budget, probe_cost=probe_cost)
        sums = found.per_question(0)
        for place, question in enumerate(QUESTIONS):
            right = tokens = latency = 0
            for ordering in range(2):
                session = evotts.Session(controller, beta, interval=question["interval"], budget=budget, probe_cost=probe_cost)
                play(session, dealt(question, ordering), random.Random(ordering) if ordering else None)
                right += session.answer == question["gold"]
                tokens += session.usage["spent"]
                latency += session.usage["latency"]
            assert (right, tokens, latency) == tuple(int(sums[n][0, 0, place]) for n in ("right", "tokens", "latency_tokens"))


def begun(name="cmc", **options):
    session = evotts.Session(evotts.Controller.known(name), 0.5, interval=QUESTIONS[0]["interval"], **options)
    assert session.next()
    return session


def state(session):
    return session.save(), session.wants, session.missing, session.usage


REFUSED = [
    dict(branch=63),
    dict(branch=2**31 - 1),
    dict(branch=0, steps=["1"] * 99),
    dict(branch=0, steps=[("1", [0.5])]),
    dict(branch=0, finished=True, tokens=-5, answer="1"),
    dict(branch=0, finished=True, tokens=10**15, answer="1"),
    dict(branch=0, finished=True, lost=True, tokens=3),
]


@pytest.mark.parametrize("fields", REFUSED)
def test_a_result_that_does_not_fit_leaves_it_as_it_was(fields):
    session = begun()
    before = state(session)
    with pytest.raises(evotts.InputError):
        session.give(**fields)
    with pytest.raises(evotts.InputError):
        session.give(evotts.Result(**fields))
    engine = dealt(QUESTIONS[0], 0)
    good = [engine.result(want) for want in wanted(session)]
    with pytest.raises(evotts.InputError):
        session.give(good[:-1] + [evotts.Result(**fields)])
    assert state(session) == before
    session.give(good)
    assert session.missing == 0


def test_exceptions_on_the_way_leave_it_as_it_was():
    session = begun()
    before = state(session)

    class Bad:
        def __index__(self):
            raise KeyError("mine")

    good = dealt(QUESTIONS[0], 0).result(wanted(session)[0])
    for call, error in (
        (lambda: session.give([good, None]), TypeError),
        (lambda: session.give(good, branch=0), TypeError),
        (lambda: session.give(), TypeError),
        (lambda: session.give(steps=["1"]), TypeError),
        (lambda: session.give(0), TypeError),
        (lambda: session.give("ab"), TypeError),
        (lambda: session.give(branch=Bad()), KeyError),
        (lambda: session.give(branch=0, steps=[3]), TypeError),
        (lambda: session.give(branch=0, steps="12"), TypeError),
        (lambda: session.give(branch=0, steps=[("1",)]), TypeError),
        (lambda: session.give(branch=0, steps=[("1", [None])]), TypeError),
        (lambda: session.give(branch=0, steps=["\ud800"]), evotts.InputError),
        (lambda: session.give(branch=0, answer=b"1"), TypeError),
        (lambda: session.give(branch=0, finished=1), TypeError),
        (lambda: session.give(branch=0, tokens=1.5), evotts.InputError),
        (lambda: session.give([good, good]), evotts.InputError),
        (lambda: session.give(branch=0, token=3), TypeError),
    ):
        with pytest.raises(error):
            call()
        assert state(session) == before


def test_a_session_goes_on_from_what_was_saved():
    engine, question = dealt(QUESTIONS[1], 4), QUESTIONS[1]
    controller = evotts.Controller.known("cmc")
    expected = play(evotts.Session(controller, 0.5, interval=question["interval"]), engine)
    ways = [
        lambda s: evotts.Session.restore(controller, s.save()),
        lambda s: pickle.loads(pickle.dumps(s)),
        copy.copy,
        lambda s: copy.deepcopy({"a": [s]})["a"][0],
    ]
    session, step = evotts.Session(controller, 0.5, interval=question["interval"]), 0
    while session.next():
        for want in wanted(session):
            session.give(engine.result(want))
            session = ways[step % len(ways)](session)
            step += 1
    assert (session.answer, session.usage, session.answer_branch) == (expected.answer, expected.usage, expected.answer_branch)
    assert step > len(ways)


def test_copies_go_their_own_ways():
    session = begun()
    before = state(session)
    other = copy.deepcopy(session)
    other.stop()
    assert other.missing == 0 and state(session) == before


@pytest.mark.parametrize("saved", [b"", b"nonsense", b"\x00" * 1000, b"{}", b"[" * 100_000])
def test_bytes_that_are_no_session_are_refused(saved):
    with pytest.raises(evotts.InputError):
        evotts.Session.restore(evotts.Controller.known("cmc"), saved)
    whole = begun().save()
    for cut in (whole[:-1], whole[: len(whole) // 2]):
        with pytest.raises(evotts.InputError):
            evotts.Session.restore(evotts.Controller.known("cmc"), cut)
    with pytest.raises(evotts.InputError):
        evotts.Session.restore(evotts.Controller.known("sc"), whole)
    for wrong in ("text", None, 3, memoryview(whole)):
        with pytest.raises(TypeError):
            evotts.Session.restore(evotts.Controller.known("cmc"), wrong)


@pytest.mark.parametrize(
    "options",
    [dict(interval=0), dict(interval=10**9 + 1), dict(branches=0), dict(branches=65), dict(budget=-1),
     dict(budget=10**12 + 1), dict(probe_cost=-1), dict(probe_cost=10**6 + 1)],
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(evotts.InputError, match=next(iter(options))):
        evotts.Session(evotts.Controller.known("cmc"), 0.5, **options)


def test_what_is_lost_and_stopped_ends_it():
    session = begun()
    session.lose_missing()
    assert session.missing == 0
    while session.next():
        session.lose_missing()
    assert session.usage["lost"] > 0 and session.answer is None and session.answer_branch is None
    stopped = begun()
    stopped.stop()
    assert not stopped.next()


@pytest.mark.parametrize("beta", [-0.1, 1.1, float("nan")])
def test_a_beta_out_of_range_is_refused(beta):
    with pytest.raises(evotts.InputError, match="beta"):
        evotts.Session(evotts.Controller.known("cmc"), beta)


def test_signals_are_given_in_their_order():
    readers = [n for n in evotts.known_controllers() if "signal" in evotts.Controller.known(n).text]
    assert readers
    for name in readers:
        session = begun(name)
        assert session.signals
        want = wanted(session)[0]
        if want.kind == "open":
            with pytest.raises(evotts.InputError):
                session.give(branch=want.branch, steps=["1"])
            for bad in (float("nan"), float("inf")):
                with pytest.raises(evotts.InputError):
                    session.give(branch=want.branch, steps=[("1", [bad] * len(session.signals))])
            session.give(branch=want.branch, steps=[(None, [0.5] * len(session.signals))])


def test_many_sessions_of_a_controller_live_side_by_side():
    controller = evotts.Controller.known("asc")
    sessions = [evotts.Session(controller, 0.5, interval=QUESTIONS[0]["interval"]) for _ in range(2000)]
    engines = [dealt(QUESTIONS[i % 3], i) for i in range(len(sessions))]
    del controller
    gc.collect()
    going = list(zip(sessions, engines))
    while going:
        going = [(s, e) for s, e in going if s.next()]
        for session, engine in going:
            session.give([engine.result(want) for want in wanted(session)])
    assert len({s.answer for s in sessions}) > 1


def test_a_step_takes_microseconds():
    session, engine = begun(), dealt(QUESTIONS[0], 0)
    results, steps, taken = [], 0, 0.0
    for ordering in range(40):
        session, engine = begun("asc"), dealt(QUESTIONS[0], ordering)
        while True:
            results = [engine.result(want) for want in wanted(session)]
            began = time.process_time()
            session.give(results)
            more = session.next()
            session.wants
            taken += time.process_time() - began
            steps += 1
            if not more:
                break
    assert steps > 40 and taken / steps < 200e-6  # 20 microseconds where nothing else runs


def test_results_have_fields():
    result = evotts.Result(3, ["1", None, ("2", [0.5]), evotts.Step("3", (1,))], finished=True, answer="4", tokens=7)
    assert [s.answer for s in result.steps] == ["1", None, "2", "3"] and result.steps[2].signals == [0.5]
    assert (result.branch, result.finished, result.answer, result.tokens, result.lost, result.look_tokens, result.signals) == (
        3, True, "4", 7, False, 0, [])
    assert result == eval(repr(result), {"evotts": evotts}) and result != evotts.Result(3)
    assert pickle.loads(pickle.dumps(result)) == result == copy.deepcopy(result)
    step = evotts.Step("1", [0.5])
    assert pickle.loads(pickle.dumps(step)) == step == copy.deepcopy(step)
    with pytest.raises(AttributeError):
        result.branch = 4
