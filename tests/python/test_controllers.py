"""Controllers from texts, names and files; and what check() says of a text."""
import copy
import os
import pickle

import evotts
import pytest



def text_of(name):
    return evotts.Controller.known(name).text


def test_a_text_reads_back_as_itself():
    for name in evotts.known_controllers():
        known = evotts.Controller.known(name)
        assert known.name == name
        again = evotts.Controller.parse(known.text)
        assert again == known and hash(again) == hash(known)
        assert again.text == known.text and again.id == known.id and again.size == known.size
        assert len(known.id) == 40 and known.size > 1
        assert evotts.check(known.text) == []


def test_bytes_are_taken_as_they_are():
    assert evotts.Controller.parse(text_of("cmc").encode()) == evotts.Controller.known("cmc")
    assert evotts.check(b"\xff\xfe\x00") != []
    assert evotts.check(bytearray(b"\xff")) != []


def test_controllers_differ_by_their_text_alone():
    cmc, sc = evotts.Controller.known("cmc"), evotts.Controller.known("sc")
    assert cmc != sc and cmc != "cmc" and cmc != None  # noqa: E711
    assert len({cmc, sc, evotts.Controller.known("cmc")}) == 2
    assert repr(cmc) == f"<evotts.Controller cmc {cmc.id[:10]}>"


def test_a_file_is_read_and_named(tmp_path):
    path = tmp_path / "mine.ctl"
    path.write_text(text_of("asc"))
    for each in (path, str(path), os.fsencode(path)):
        assert evotts.Controller.load(each) == evotts.Controller.known("asc")
    path.write_text("controller {")
    with pytest.raises(evotts.InputError, match="mine.ctl") as caught:
        evotts.Controller.load(path)
    assert caught.value.diagnostics


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long.ctl").write_bytes(b" " * (1 << 20))
    for path in (tmp_path, tmp_path / "none", tmp_path / "pipe", "/dev/zero", tmp_path / "long.ctl"):
        with pytest.raises(evotts.InputError, match=path.name if hasattr(path, "name") else "zero"):
            evotts.Controller.load(path)


def test_problems_are_fields():
    problems = evotts.check(evotts.Controller.known("cmc").text.replace("prune", "prun", 1))
    assert problems and all(isinstance(p, evotts.Diagnostic) for p in problems)
    first = problems[0]
    assert first.severity == "error" and first.code and first.message
    assert first.line >= 1 and first.column >= 1 and first.length >= 0 and isinstance(first.hint, str)
    assert first.code in str(first) and first.message in str(first)
    with pytest.raises(AttributeError):
        first.line = 3


def test_a_refused_text_raises_with_all_its_problems():
    text = "controller c {\n  nothing here\n}"
    with pytest.raises(evotts.InputError, match="mine.ctl") as caught:
        evotts.Controller.parse(text, file="mine.ctl")
    assert list(caught.value.diagnostics) == evotts.check(text)
    assert caught.value.messages == (str(caught.value),)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(evotts.InputError, match="cmc.*sc"):
        evotts.Controller.known("nobody")


def test_copies_are_itself_and_pickles_are_equal():
    cmc = evotts.Controller.known("cmc")
    assert copy.copy(cmc) is cmc and copy.deepcopy([cmc])[0] is cmc
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(cmc, protocol)) == cmc


def test_a_long_text_is_a_problem_of_its_own():
    problems = evotts.check("x" * (1 << 20))
    assert [p.severity for p in problems] == ["error"]
