"""Objects of the module cannot be made wrong, changed, or taken for others."""
import copy
import gc
import pickle
import weakref

import evotts
import pytest

CLASSES = [
    evotts.Controller,
    evotts.Diagnostic,
    evotts.Environment,
    evotts.Evaluation,
    evotts.Extractor,
    evotts.Result,
    evotts.Run,
    evotts.Session,
    evotts.Step,
    evotts.Want,
]
UNCHANGING = (evotts.Controller, evotts.Environment, evotts.Extractor, evotts.Want)


@pytest.mark.parametrize("kind", CLASSES)
def test_one_that_was_never_initialised_raises(kind):
    empty = kind.__new__(kind)
    for name, member in vars(kind).items():
        if isinstance(member, property):
            with pytest.raises(TypeError, match="never initialised"):
                getattr(empty, name)
    for call in (repr, copy.copy, copy.deepcopy, pickle.dumps):
        if call in (copy.copy, copy.deepcopy) and kind in UNCHANGING:
            continue  # gives itself back, unseen
        with pytest.raises(TypeError):
            call(empty)


def test_nor_is_it_an_argument():
    controller = evotts.Controller.__new__(evotts.Controller)
    environment = evotts.Environment.__new__(evotts.Environment)
    with pytest.raises(TypeError, match="never initialised"):
        evotts.evaluate([controller], [evotts.Environment.synthetic()], [0.5])
    with pytest.raises(TypeError, match="never initialised"):
        evotts.evaluate([evotts.Controller.known("sc")], [environment], [0.5])
    with pytest.raises(TypeError, match="never initialised"):
        evotts.Session(controller, 0.5)
    with pytest.raises(TypeError, match="never initialised"):
        controller == evotts.Controller.known("sc")


@pytest.mark.parametrize("kind", CLASSES)
def test_classes_are_final_and_sealed(kind):
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Mine", (kind,), {})
    with pytest.raises(TypeError, match="immutable"):
        kind.mine = 3
    empty = kind.__new__(kind)
    for other in CLASSES:
        if other is not kind:
            with pytest.raises(TypeError):
                empty.__class__ = other
    with pytest.raises(AttributeError):
        empty.mine = 3


@pytest.mark.parametrize(
    "kind", [evotts.Controller, evotts.Environment, evotts.Evaluation, evotts.Run, evotts.Want, evotts.Diagnostic]
)
def test_some_have_no_constructor(kind):
    with pytest.raises(TypeError, match="No constructor"):
        kind()


def test_what_an_object_was_made_of_may_go():
    environment = evotts.Environment.synthetic("questions=2,branches=3")
    controller = evotts.Controller.known("sc")
    found = evotts.evaluate([controller], [environment], [0.5], orderings=2)
    gone = weakref.ref(environment)
    del environment, controller
    gc.collect()
    assert gone() is None
    assert found.environments[0].questions == 2 and found.controllers[0].name == "sc"
    if hasattr(found, "accuracy"):
        array = found.accuracy
        del found
        gc.collect()
        assert array.shape == (1, 1, 1)


@pytest.mark.parametrize("state", [(), (1,), (1, 2), ("a", b"b"), None, "text", 3, ("", b"", 3)])
@pytest.mark.parametrize("kind", [evotts.Controller, evotts.Diagnostic, evotts.Environment, evotts.Extractor, evotts.Session])
def test_a_broken_pickle_is_refused(kind, state):
    empty = kind.__new__(kind)
    with pytest.raises((TypeError, ValueError, RuntimeError)):
        empty.__setstate__(state)
    with pytest.raises(TypeError):
        repr(empty)


def test_keywords_are_checked():
    controller, environment = evotts.Controller.known("sc"), evotts.Environment.synthetic("questions=1,branches=2")
    for wrong in ({"ordering": 3}, {"Orderings": 3}):
        with pytest.raises(TypeError):
            evotts.evaluate([controller], [environment], [0.5], **wrong)
    with pytest.raises(TypeError):
        evotts.evaluate([controller], [environment], [0.5], 10)
    with pytest.raises(TypeError):
        evotts.evaluate([controller], [environment])
    with pytest.raises(TypeError):
        evotts.evaluate([controller], [environment], [0.5], betas=[0.5])


def test_an_object_that_lies_about_its_class_is_none():
    class Liar:
        __class__ = evotts.Controller

    with pytest.raises(TypeError):
        evotts.Session(Liar(), 0.5)


def test_a_dict_that_changes_while_it_is_read_is_read_as_it_was():
    fields = {"text": "q", "gold": "1", "interval": 5, "branches": []}

    class Key:
        def __hash__(self):
            return 7

        def __eq__(self, other):
            fields.clear()
            return False

    fields[Key()] = 1
    with pytest.raises(evotts.InputError, match="unknown key"):
        evotts.Environment.make("mine", [fields])
