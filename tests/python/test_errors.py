"""Exceptions of the module: what they are, what they hold, and that they travel."""
import copy
import pickle

import evotts
import pytest


def caught(call):
    with pytest.raises(evotts.EvottsError) as raised:
        call()
    return raised.value


def test_bad_input_is_a_value_error_with_messages():
    error = caught(lambda: evotts.Environment.parse("[1", "mine"))
    assert isinstance(error, evotts.InputError) and isinstance(error, ValueError)
    assert not isinstance(error, evotts.SystemFault)
    assert error.messages and "mine" in error.messages[0] and str(error) == "\n".join(error.messages)
    assert error.diagnostics == ()


def test_a_fault_of_the_system_is_a_runtime_error():
    assert issubclass(evotts.SystemFault, RuntimeError) and issubclass(evotts.SystemFault, evotts.EvottsError)
    assert not issubclass(evotts.SystemFault, ValueError)


def test_they_are_the_same_when_pickled_and_copied():
    error = caught(lambda: evotts.Controller.parse("controller {"))
    assert error.diagnostics
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is evotts.InputError and str(again) == str(error)
        assert again.messages == error.messages and again.diagnostics == error.diagnostics


def test_they_can_be_raised_by_others():
    with pytest.raises(ValueError):
        raise evotts.InputError("mine")
    assert evotts.InputError("mine").messages == ()


def test_bytes_of_input_are_harmless_in_messages():
    error = caught(lambda: evotts.Controller.parse(b"\xff\x1b[31m \x00"))
    assert "\x1b" not in str(error) and "\x00" not in str(error)
