"""Arguments that do not fit are told in one line: function, parameter, what it must be, and what was found."""
import inspect
import re

import evotts
import pytest

SC = evotts.Controller.known("sc")
MADE_UP = evotts.Environment.synthetic("questions=1,branches=2")


def session():
    begun = evotts.Session(SC, 0.5)
    begun.next()
    return begun


def empty(kind):
    """Arguments are looked at before the object is."""
    return kind.__new__(kind)


RESULT = dict(branch=0, steps=[], finished=True, answer="1", signals=[], tokens=3, lost=False, look_tokens=0)
# Every function, method and constructor that takes arguments: how it is called, and arguments that fit.
CALLS = {
    "check": (evotts.check, dict(text="")),
    "evaluate": (evotts.evaluate, dict(controllers=[SC], environments=[MADE_UP], betas=[0.5], orderings=1, first_ordering=0,
                                       budget=None, probe_cost=0, threads=1, bootstrap_seed=0)),
    "normal_form": (evotts.normal_form, dict(answer="1", task="any")),
    "Controller.parse": (evotts.Controller.parse, dict(text=SC.text, file="f")),
    "Controller.known": (evotts.Controller.known, dict(name="sc")),
    "Controller.load": (evotts.Controller.load, dict(path="f")),
    "Environment.load": (evotts.Environment.load, dict(path="f")),
    "Environment.parse": (evotts.Environment.parse, dict(json="[]", name="n")),
    "Environment.synthetic": (evotts.Environment.synthetic, dict(specification="")),
    "Environment.make": (evotts.Environment.make, dict(name="n", questions=[])),
    "Environment.open": (evotts.Environment.open, dict(specifications=[])),
    "Environment.question": (empty(evotts.Environment).question, dict(index=0)),
    "Evaluation.per_question": (empty(evotts.Evaluation).per_question, dict(environment=0)),
    "Extractor": (evotts.Extractor, dict(rule="boxed")),
    "Extractor.extract": (empty(evotts.Extractor).extract, dict(text="")),
    "Extractor.answer": (empty(evotts.Extractor).answer, dict(text="")),
    "Result": (evotts.Result, RESULT),
    "Run.open": (evotts.Run.open, dict(path="f", generation=None)),
    "Run.lineage": (empty(evotts.Run).lineage, dict(id="best")),
    "Run.controller": (empty(evotts.Run).controller, dict(id="best")),
    "Session": (evotts.Session, dict(controller=SC, beta=0.5, interval=500, branches=64, budget=None, probe_cost=0,
                                     look_always=False)),
    "Session.give": (session().give, RESULT),
    "Session.restore": (evotts.Session.restore, dict(controller=SC, saved=b"")),
    "Step": (evotts.Step, dict(answer=None, signals=())),
}
NOTHING = {"known_controllers", "Session.next", "Session.lose_missing", "Session.stop", "Session.save", "Environment.json",
           "Evaluation.rows", "Run.best", "Run.population", "Run.frontier"}


def callables():
    for name in evotts.__all__:
        value = getattr(evotts, name)
        if not inspect.isclass(value):
            if callable(value):
                yield name, value
            continue
        if issubclass(value, Exception):
            continue
        if getattr(value, "__text_signature__", None):
            yield name, value
        for member in vars(value):
            if not member.startswith("_") and callable(getattr(value, member)):
                yield f"{name}.{member}", getattr(value, member)


def test_every_callable_is_tried_here():
    assert {name for name, _ in callables()} == set(CALLS) | NOTHING
    for name, (_, good) in CALLS.items():
        known = set(inspect.signature(dict(callables())[name]).parameters) - {"self", "results"}
        assert known == set(good), name


PARAMETERS = [(name, parameter) for name, (_, good) in CALLS.items() for parameter in good]


def told(call, *given, **named):
    with pytest.raises(TypeError) as caught:
        call(*given, **named)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 600 and "incompatible" not in message
    return message


class Huge:
    def __repr__(self):
        return "huge\n" * 1_000_000


class Untellable:
    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize("name, parameter", PARAMETERS)
def test_another_type_is_told_by_name_and_value(name, parameter):
    call, good = CALLS[name]
    for wrong, found in ((object(), "object <object object at "), ({1, 2}, "set {1, 2}"), (Huge(), "Huge huge huge"),
                         (Untellable(), "Untellable"), (3j, "complex 3j")):
        message = told(call, **{**good, parameter: wrong})
        assert re.match(rf"{re.escape(name)}\(\): {parameter} must be [a-zA-Z ,.()]+, found {re.escape(found)}", message), message


@pytest.mark.parametrize("name", CALLS)
def test_what_is_missing_is_told(name):
    call, good = CALLS[name]
    needed = [p.name for p in inspect.signature(call).parameters.values() if p.default is p.empty]
    for parameter in needed:
        message = told(call, **{n: v for n, v in good.items() if n != parameter})
        assert re.match(rf"{re.escape(name)}\(\): {parameter} must be [a-zA-Z ,.()]+, found nothing$", message), message
    assert needed or name in ("Environment.synthetic", "Run.lineage", "Run.controller", "Session.give", "Step")


@pytest.mark.parametrize("name", [*CALLS, *NOTHING])
def test_what_is_unknown_twice_or_too_much_is_told(name):
    call, good = CALLS.get(name) or (dict(callables())[name], {})
    if name in NOTHING and "." in name:
        call = getattr(empty(getattr(evotts, name.split(".")[0])), name.split(".")[1])
    assert told(call, **good, colour="red").startswith(f"{name}(): 'colour' is no parameter, found str 'red'; there are ")
    assert "found str 'xxx" in told(call, **good, colour="x" * 10_000_000)
    assert len(told(call, **good, **{"c" * 1_000_000: 1})) < 600
    parameters = inspect.signature(call).parameters.values()
    by_place = [p.name for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD]
    message = told(call, *[None] * len(by_place), 7.5)
    assert message.startswith(f"{name}(): at most {len(by_place)} arguments come without a name (")
    assert "float 7.5 is one too many" in message
    if by_place:
        first = by_place[0]
        message = told(call, "one", **{first: "two"})
        assert message == f"{name}(): {first} is given twice, found str 'two' for it as well"


FOUND = [
    ("x" * 10_000_000, "str 'xxx"),
    (b"\n" * 10_000_000, r"bytes b'\\n\\n"),
    (bytearray(b"x" * 10_000_000), r"bytearray bytearray\(b'xxx"),
    (["x" * 1000] * 1_000_000, r"list \['xxx"),
    ({"a": {"b": [None] * 9}}, r"dict {'a': {'b': \[None"),
    ("a\x1b[31m\nb\ud800", r"str 'a\\x1b\[31m\\nb"),
    (10**5000, "int of more than 60 digits"),
    (-7, "int -7"),
    (None, "NoneType$"),
    (True, "bool True"),
    (SC, "evotts.Controller <evotts.Controller sc"),
    (empty(evotts.Run), "evotts.Run <Run instance at"),
]


@pytest.mark.parametrize("wrong, found", FOUND, ids=[found[:9] for _, found in FOUND])
def test_what_was_found_is_shown_in_short(wrong, found):
    message = told(evotts.Session if isinstance(wrong, str) else evotts.Controller.known, wrong, *[0.5] * isinstance(wrong, str))
    assert re.search(f"found {found}", message), message
    assert message.isprintable()


def test_a_name_that_is_made_of_pieces_is_known_too():
    assert evotts.Step(**{"".join(["ans", "wer"]): "7"}).answer == "7"

    class Name(str):
        pass

    assert evotts.Step(**{Name("answer"): "7"}).answer == "7"


def test_an_interrupt_within_a_repr_passes():
    class Mine:
        def __repr__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evotts.check(Mine())


@pytest.mark.parametrize(
    "live, again",
    [
        (session(), (SC, 0.5)),
        (evotts.Result(3), (4,)),
        (evotts.Step("1"), ("2",)),
        (evotts.Extractor("boxed"), ("letter",)),
    ],
)
def test_a_live_object_is_not_initialised_again(live, again):
    before = repr(live)
    with pytest.raises(TypeError, match="was initialised before"):
        live.__init__(*again)
    if hasattr(type(live), "__setstate__"):
        with pytest.raises(TypeError, match="was initialised before"):
            live.__setstate__(live.__getstate__())
    assert repr(live) == before
    late = empty(type(live))
    late.__init__(*again)
    assert repr(late) == repr(type(live)(*again))
    with pytest.raises(TypeError):
        late.__init__(*again)


def test_one_that_is_initialised_while_it_is_initialised_is_so_once():
    result = empty(evotts.Result)

    class Branch:
        def __index__(self):
            result.__init__(5)
            return 6

    with pytest.raises(TypeError, match="was initialised before"):
        result.__init__(Branch())
    assert result.branch == 5


def test_methods_are_of_their_class():
    for call in (lambda: evotts.Session.next(3), lambda: evotts.Session.next(), lambda: evotts.Want.kind.__get__(3)):
        message = told(call)
        assert "Session" in message or "Want" in message


def test_properties_cannot_be_set():
    for thing in (SC, MADE_UP, session(), evotts.Result(0), evotts.Step(), evotts.Extractor("boxed")):
        for name, member in vars(type(thing)).items():
            if inspect.isgetsetdescriptor(member):
                with pytest.raises(AttributeError, match=f"{name}.* is not writable"):
                    setattr(thing, name, None)


@pytest.mark.parametrize("call", [evotts.Controller.load, evotts.Environment.load, evotts.Run.open,
                                  lambda path: evotts.Environment.open([path])])
def test_an_empty_path_is_refused_by_name(call):
    for nothing in ("", b""):
        with pytest.raises(evotts.InputError, match=r"(path|specifications\[0\]) is no path: it is empty"):
            call(nothing)
