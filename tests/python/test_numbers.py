"""Numbers of every kind are numbers or are refused: none is cut."""
from decimal import Decimal
from fractions import Fraction

import evotts
import pytest

numpy = pytest.importorskip("numpy")

ENVIRONMENT = evotts.Environment.synthetic("seed=1,questions=2,branches=4")
SC = evotts.Controller.known("sc")


def evaluate(**options):
    options = {"orderings": 2, **options}
    return evotts.evaluate([SC], [ENVIRONMENT], [0.5], **options)


# Every parameter that is a whole number, with a value that it takes.
WHOLE = {
    "orderings": (lambda v: evaluate(orderings=v), 3),
    "first_ordering": (lambda v: evaluate(first_ordering=v), 3),
    "budget": (lambda v: evaluate(budget=v), 3),
    "probe_cost": (lambda v: evaluate(probe_cost=v), 3),
    "threads": (lambda v: evaluate(threads=v), 3),
    "bootstrap_seed": (lambda v: evaluate(bootstrap_seed=v), 3),
    "index": (lambda v: ENVIRONMENT.question(v), 1),
    "environment": (lambda v: evaluate().per_question(v), 0),
    "branch": (lambda v: evotts.Result(v), 3),
    "tokens": (lambda v: evotts.Result(0, tokens=v), 3),
    "look_tokens": (lambda v: evotts.Result(0, look_tokens=v), 3),
    "interval": (lambda v: evotts.Environment.make("mine", [("q", "1", v, [([], 5, "1")])]), 3),
    "tokens of a branch": (lambda v: evotts.Environment.make("mine", [("q", "1", 7, [([], v, "1")])]), 3),
}


class Index:
    def __init__(self, number):
        self.number = number

    def __index__(self):
        return self.number


class Int:
    def __int__(self):
        return 3


@pytest.mark.parametrize("name", WHOLE)
def test_whole_numbers_of_every_kind_are_taken(name):
    call, good = WHOLE[name]
    call(good)
    for kind in (numpy.int8, numpy.uint8, numpy.int64, numpy.uint64, numpy.float32, numpy.float64, float, Decimal, Index):
        call(kind(good))
    call(Fraction(2 * good, 2))
    call(numpy.array(good))


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_not_whole_is_refused_and_not_cut(name):
    call, good = WHOLE[name]
    for number in (good + 0.5, Decimal(good) + Decimal("0.7"), Fraction(2 * good + 1, 2), numpy.float64(good + 0.25),
                   numpy.float32(good + 0.5), numpy.longdouble(good) + numpy.longdouble(0.5), float("nan"), Decimal("nan")):
        with pytest.raises(ValueError, match="must be a whole number, found"):
            call(number)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_no_number_is_refused(name):
    call, good = WHOLE[name]
    for wrong in (True, False, numpy.True_, "3", b"3", [3], numpy.array([3]), numpy.array(3.0), 3 + 0j, Int(), object()):
        with pytest.raises(TypeError, match="found|index"):
            call(wrong)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_too_large_is_refused_at_once(name):
    call, good = WHOLE[name]
    for huge in (10**400, -(10**400), 2**64, 1e300, float("inf"), -float("inf"), Decimal("1e999999999"), Decimal("-inf"),
                 Fraction(10**400), numpy.float64(1e300), numpy.uint64(2**64 - 1), Index(2**70)):
        with pytest.raises(ValueError, match="64 bits|nan|from"):
            call(huge)


@pytest.mark.parametrize(
    "name, low, high",
    [("orderings", 1, 10_000), ("first_ordering", 0, 2**63 - 1), ("budget", 0, 10**12), ("probe_cost", 0, 10**6),
     ("threads", 0, 1024), ("bootstrap_seed", 0, 2**63 - 1), ("index", 0, 1), ("environment", 0, 0)],
)
def test_numbers_out_of_range_are_refused_with_the_range(name, low, high):
    call, _ = WHOLE[name]
    for number in (low - 1, high + 1):
        with pytest.raises(evotts.InputError, match="from|64 bits|below"):
            call(number)


REAL = {
    "betas": lambda v: evotts.evaluate([SC], [ENVIRONMENT], [v], orderings=1).betas,
    "signals": lambda v: evotts.Step(signals=[v]).signals,
    "signals of a result": lambda v: evotts.Result(0, signals=[v]).signals,
    "signals of a branch": lambda v: evotts.Environment.make(
        "m", [("q", "1", 7, [([], 5, "1", {"logprob": [v]})])]
    ).question(0)["branches"][0]["signals"]["logprob"],
}


@pytest.mark.parametrize("name", REAL)
def test_real_numbers_of_every_kind_are_taken(name):
    for number in (0.5, Decimal("0.5"), Fraction(1, 2), numpy.float32(0.5), numpy.float64(0.5), numpy.longdouble(0.5)):
        assert REAL[name](number) == [0.5]
    for number in (1, numpy.int64(1), Decimal(1), numpy.uint8(1)):
        assert REAL[name](number) == [1.0]


@pytest.mark.parametrize("name", REAL)
def test_what_is_no_real_number_is_refused(name):
    for wrong in (True, numpy.True_, "0.5", b"0.5", [0.5], None, 0.5j, object(), numpy.array([0.5])):
        with pytest.raises(TypeError, match=r"\[0\] must be a number, found"):
            REAL[name](wrong)
    with pytest.raises(ValueError, match="64 bits"):
        REAL[name](10**400)


@pytest.mark.parametrize("wrong", [0.5, "0.5", b"05", {0.5: 1}, {0.5}, None, iter([0.5]), numpy.float64(0.5)])
def test_numbers_come_in_a_sequence(wrong):
    with pytest.raises(TypeError, match="betas must be a sequence of numbers, found"):
        evotts.evaluate([SC], [ENVIRONMENT], wrong)


def test_arrays_are_sequences_of_numbers():
    for betas in (numpy.array([0.0, 1.0]), numpy.array([0, 1]), (0, 1), range(2), numpy.array([0, 1], dtype=numpy.float16)):
        assert evotts.evaluate([SC], [ENVIRONMENT], betas, orderings=1).betas == [0.0, 1.0]
    for betas in (numpy.zeros((2, 2)), numpy.array([True]), numpy.array(["0"])):
        with pytest.raises(TypeError):
            evotts.evaluate([SC], [ENVIRONMENT], betas)


# As doubles some of them are 0 or 1.
BEYOND = [float("nan"), float("inf"), -1e-9, 1.0000001, Decimal("2"), Decimal("1." + "0" * 40 + "1"), Decimal("-1e-400"),
          Fraction(10**30 + 1, 10**30), Fraction(-1, 10**400), numpy.float32(1.0001), Decimal("nan"), 2, -1]


@pytest.mark.parametrize("beta", BEYOND)
def test_a_beta_out_of_range_is_refused(beta):
    with pytest.raises(evotts.InputError, match=r"^betas\[1\] must be a number from 0 to 1, found"):
        evotts.evaluate([SC], [ENVIRONMENT], [0.5, beta])
    with pytest.raises(evotts.InputError, match="^beta must be a number from 0 to 1, found"):
        evotts.Session(SC, beta)


@pytest.mark.parametrize("beta", [0, 1, Decimal(1), Decimal("0." + "9" * 40), Fraction(1, 10**400), Decimal("-0"), numpy.float64(1)])
def test_a_beta_at_an_end_of_the_range_is_taken(beta):
    assert evotts.evaluate([SC], [ENVIRONMENT], [beta], orderings=1).betas == [float(beta)]
    evotts.Session(SC, beta)


def test_flags_are_true_or_false():
    assert evotts.Result(0, finished=numpy.True_).finished is True
    for wrong in (1, 0, "yes", None, [], numpy.array([True])):
        with pytest.raises(TypeError, match="finished must be True or False, found"):
            evotts.Result(0, finished=wrong)


def test_a_number_that_raises_passes_its_exception_on():
    class Mine:
        def __index__(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        evaluate(orderings=Mine())


def test_what_only_looks_like_a_number_is_refused():
    for given in (numpy.complex128(0.5 + 3j), numpy.timedelta64(1), numpy.ma.array(1, mask=True)):
        with pytest.raises(TypeError, match=r"signals\[0\] must be a number"):
            evotts.Step("1", [given])
    for given in (Decimal("1e400"), Decimal("sNaN")):
        with pytest.raises(evotts.InputError, match=r"signals\[0\]"):
            evotts.Step("1", [given])
