"""Normal forms and extractors; tests/replay/answers has their rules."""
import copy
import pickle

import evotts
import pytest


@pytest.mark.parametrize(
    "rule, text, raw, answer",
    [
        ("boxed", "so \\boxed{1} or \\boxed{026}.", "026", "26"),
        ("number", "first 3, then 1,234", None, "1234"),
        ("letter", "the answer is (c)", None, "C"),
        ("after:####", "x\n#### 007\n", "007", "7"),
        ("regex:A=([0-9]+)", "A=08", "08", "8"),
        ("boxed", "nothing", None, "ERR"),
        ("boxed", b"\xff \\boxed{7}", "7", "7"),
        ("boxed", b"\\boxed{\xff}", "\udcff", None),
    ],
)
def test_each_rule_reads_where_it_says(rule, text, raw, answer):
    extractor = evotts.Extractor(rule)
    if raw is not None:
        assert extractor.extract(text) == raw
    if answer is not None:
        assert extractor.answer(text) == answer
    if answer == "ERR":
        assert extractor.extract(text) is None


def test_normal_forms():
    assert evotts.normal_form("026") == evotts.normal_form(b"26") == "26"
    assert evotts.normal_form("\\dfrac12") == evotts.normal_form("\\frac{1}{2}")
    assert evotts.normal_form("(b)", "letter") == evotts.normal_form("B.", task="letter") == "B"
    assert evotts.normal_form("ERR") == "ERR" and evotts.normal_form("") == ""
    with pytest.raises(evotts.InputError, match="task must be"):
        evotts.normal_form("1", "number")


@pytest.mark.parametrize("rule", ["", "box", "after:", "regex:", "regex:("])
def test_a_rule_that_is_none_is_refused(rule):
    with pytest.raises(evotts.InputError, match="extractor"):
        evotts.Extractor(rule)


def test_they_are_copied_and_pickled():
    extractor = evotts.Extractor("letter")
    assert copy.copy(extractor) is extractor and copy.deepcopy(extractor) is extractor
    again = pickle.loads(pickle.dumps(extractor))
    assert (again.rule, again.task) == ("letter", "letter") and repr(again) == "<evotts.Extractor letter>"
