"""Texts and paths as arguments: what is none is refused by name."""
import pathlib

import evotts
import pytest

SURROGATE = "ab\udc80c"


@pytest.mark.parametrize(
    "call",
    [
        lambda text: evotts.Controller.parse(text),
        lambda text: evotts.Controller.parse("", file=text),
        lambda text: evotts.Controller.known(text),
        lambda text: evotts.Environment.parse(text, "mine"),
        lambda text: evotts.Environment.parse("[]", text),
        lambda text: evotts.Environment.synthetic(text),
        lambda text: evotts.Environment.make(text, []),
        lambda text: evotts.normal_form(text),
        lambda text: evotts.normal_form("1", text),
        lambda text: evotts.Extractor(text),
        lambda text: evotts.Extractor("boxed").answer(text),
        lambda text: evotts.Result(0, answer=text),
        lambda text: evotts.Step(text),
    ],
)
def test_surrogates_and_other_types_are_refused(call):
    with pytest.raises(evotts.InputError, match="a lone surrogate stands at 2"):
        call(SURROGATE)
    for wrong in (3, 1.5, object(), ["text"], memoryview(b"text")):
        with pytest.raises(TypeError, match="must be (str|bytes).*found"):
            call(wrong)


def test_whatever_the_text_check_raises_nothing():
    for text in (SURROGATE, "\ud800", "\udfff" * 100_000, b"\xed\xa0\x80"):
        problems = evotts.check(text)
        assert [p.severity for p in problems] and all(p.severity == "error" for p in problems)
    assert evotts.check(evotts.Controller.known("cmc").text) == []


@pytest.mark.parametrize("call", [evotts.Controller.load, evotts.Environment.load, evotts.Run.open])
def test_what_is_no_path_is_refused(call):
    for wrong in (3, None, object(), 1.5):
        with pytest.raises(TypeError, match="path must be str, bytes or os.PathLike, found"):
            call(wrong)
    with pytest.raises(evotts.InputError, match="NUL"):
        call("a\0b")
    with pytest.raises(evotts.InputError, match="no character|no file name|cannot"):
        call("\ud800")
    for missing in (b"/nowhere/\xff", pathlib.Path("/nowhere/at/all"), "/nowhere/é"):
        with pytest.raises(evotts.InputError):
            call(missing)


def test_a_path_that_raises_passes_its_exception_on():
    class Path:
        def __fspath__(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        evotts.Controller.load(Path())


def test_names_that_are_no_utf8_come_back_as_the_system_has_them(tmp_path):
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    (folder / "e.json").write_text(evotts.Environment.synthetic("questions=1,branches=2").json())
    loaded = evotts.Environment.load(folder / "e.json")
    assert loaded.name == "caf\udce9/e" and loaded.source == str(folder / "e.json")
    assert repr(loaded)
