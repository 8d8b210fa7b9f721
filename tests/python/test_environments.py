"""Environments out of files, texts, specifications and lists."""
import copy
import json
import pickle

import evotts
import pytest

QUESTIONS = [
    {
        "text": "6 * 7?",
        "gold": "42",
        "interval": 500,
        "branches": [
            {"probes": ["ERR", "42"], "tokens": 1200, "answer": "42", "signals": {"logprob": [-0.5, -0.25, -1.0], "e": [1, 2, 3]}},
            {"probes": [], "tokens": 0, "answer": "", "signals": {"e": [0.1], "logprob": [-1e300]}},
        ],
    },
    ("again \"quoted\"\n", "é", 1, [(["7"], 3, "7", {"logprob": (0.0, 2.5), "e": [5e-324, -0.0]})]),
]


def without_signals():
    return [("q", "1", 10, [(["1"], 12, "1"), {"probes": (), "tokens": 5, "answer": "2"}])]


def test_it_holds_what_it_was_made_of():
    made = evotts.Environment.make("mine", QUESTIONS)
    assert (made.name, made.questions, made.signals, len(made.digest)) == ("mine", 2, ["e", "logprob"], 16)
    first = made.question(0)
    assert first == {**QUESTIONS[0], "branches": [{**b, "signals": b["signals"]} for b in QUESTIONS[0]["branches"]]}
    second = made.question(1)
    assert second["text"] == QUESTIONS[1][0] and second["gold"] == "é"
    assert second["branches"][0]["signals"] == {"e": [5e-324, 0.0], "logprob": [0.0, 2.5]}
    assert repr(made) == "<evotts.Environment mine of 2 questions>"


@pytest.mark.parametrize("questions", [QUESTIONS, without_signals()])
def test_its_questions_and_its_text_give_it_again(questions):
    made = evotts.Environment.make("mine", questions)
    again = evotts.Environment.make("mine", [made.question(i) for i in range(made.questions)])
    assert again.digest == made.digest and again.json() == made.json()
    assert evotts.Environment.parse(made.json(), "mine").digest == made.digest
    assert evotts.Environment.parse(made.json().encode(), "mine").digest == made.digest


def test_made_up_ones_are_equal_by_their_specification():
    one = evotts.Environment.synthetic("seed=5,questions=3,branches=4")
    assert one.json() == evotts.Environment.synthetic("seed=5,questions=3,branches=4").json()
    assert evotts.Environment.make("copy", [one.question(i) for i in range(3)]).json() == one.json()
    with pytest.raises(evotts.InputError, match="seeds"):
        evotts.Environment.synthetic("seeds=1")


def test_files_and_folders_are_opened(tmp_path):
    text = evotts.Environment.make("mine", without_signals()).json()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "e.json").write_text(text)
    loaded = evotts.Environment.load(tmp_path / "a" / "e.json")
    assert loaded.name == "a/e" and loaded.source == str(tmp_path / "a" / "e.json")
    opened = evotts.Environment.open([tmp_path, "synthetic:seed=4"])
    assert len({each.name for each in opened}) == 3
    with pytest.raises(TypeError, match="specifications must be a sequence"):
        evotts.Environment.open("synthetic:seed=4")
    with pytest.raises(evotts.InputError, match="none.json"):
        evotts.Environment.load(tmp_path / "none.json")


def test_copies_are_itself_and_pickles_are_equal():
    made = evotts.Environment.make("mine", QUESTIONS)
    assert copy.copy(made) is made and copy.deepcopy({"a": made})["a"] is made
    again = pickle.loads(pickle.dumps(made))
    assert again.name == "mine" and again.digest == made.digest and again.signals == made.signals


def changed(change):
    questions = json.loads(json.dumps([QUESTIONS[0]]))
    change(questions[0])
    return questions


@pytest.mark.parametrize(
    "change, error, place",
    [
        (lambda q: q.pop("gold"), evotts.InputError, 'mine: question 0: has no "gold"'),
        (lambda q: q.update(golden="1"), evotts.InputError, "mine: question 0: has an unknown key: 'golden'"),
        (lambda q: q.update({3: "1"}), evotts.InputError, "unknown key: 3"),
        (lambda q: q.update(interval=0), evotts.InputError, "mine: question 0: interval"),
        (lambda q: q.update(interval=1.5), evotts.InputError, "mine: question 0: interval must be a whole number"),
        (lambda q: q.update(interval="5"), TypeError, "mine: question 0: interval must be a whole number"),
        (lambda q: q.update(text=b"x"), TypeError, "mine: question 0: text must be str"),
        (lambda q: q.update(gold="\ud800"), evotts.InputError, "mine: question 0: gold is no text"),
        (lambda q: q.update(branches=[]), evotts.InputError, "mine: question 0: has no branches"),
        (lambda q: q.update(branches="none"), TypeError, "mine: question 0: branches must be a sequence"),
        (lambda q: q.update(branches=["none"]), TypeError, "mine: question 0, branch 0 must be a sequence"),
        (lambda q: q["branches"][1].pop("tokens"), evotts.InputError, 'question 0, branch 1: has no "tokens"'),
        (lambda q: q["branches"][1].update(tokens=-1), evotts.InputError, "question 0, branch 1: tokens"),
        (lambda q: q["branches"][1].update(tokens=10**13), evotts.InputError, "question 0, branch 1: tokens"),
        (lambda q: q["branches"][1].update(tokens=True), TypeError, "question 0, branch 1: tokens"),
        (lambda q: q["branches"][1].update(probes="12"), TypeError, "question 0, branch 1: probes must be a sequence"),
        (lambda q: q["branches"][1].update(probes=[1]), TypeError, r"question 0, branch 1: probes\[0\] must be str"),
        (lambda q: q["branches"][1].update(answer=None), TypeError, "question 0, branch 1: answer must be str"),
        (lambda q: q["branches"][1].pop("signals"), evotts.InputError, "question 0, branch 1: has the signals none"),
        (lambda q: q["branches"][1]["signals"].pop("e"), evotts.InputError, "question 0, branch 1: has the signals logprob"),
        (lambda q: q["branches"][0]["signals"].update(e=[1, 2]), evotts.InputError, "branch 0: signal e: must have a number more"),
        (lambda q: q["branches"][1]["signals"].update(e=[float("nan")]), evotts.InputError, "signal e: .*not finite"),
        (lambda q: q["branches"][1]["signals"].update(e=["x"]), TypeError, r"signals: e\[0\] must be a number"),
        (lambda q: q["branches"][1].update(signals=[1]), TypeError, "branch 1: signals must be a dict"),
        (lambda q: [b.update(signals={"a-b": [0.0] * (len(b["probes"]) + 1)}) for b in q["branches"]], evotts.InputError, "signal a-b: a name is"),
        (lambda q: [b.update(signals={f"s{i}": [0.0] * (len(b["probes"]) + 1) for i in range(17)}) for b in q["branches"]], evotts.InputError, "more than 16 signals"),
    ],
)
def test_bad_recordings_are_refused_by_place(change, error, place):
    with pytest.raises(error, match=place):
        evotts.Environment.make("mine", changed(change))


@pytest.mark.parametrize("wrong", [None, 3, "text", {"text": "q"}, {1}, iter([])])
def test_questions_come_in_a_sequence(wrong):
    with pytest.raises(TypeError, match="questions must be a sequence"):
        evotts.Environment.make("mine", wrong)


@pytest.mark.parametrize("question", [(), ("q",), ("q", "1", 10, [], None)])
def test_tuples_have_all_fields(question):
    with pytest.raises(evotts.InputError, match="mine: question 0: a tuple of it has 4 items"):
        evotts.Environment.make("mine", [question])
    with pytest.raises(evotts.InputError, match="holds no questions"):
        evotts.Environment.make("mine", [])


def test_a_list_that_changes_while_it_is_read_does_no_harm():
    questions = without_signals()


    class Tokens:
        def __index__(self):
            questions.clear()
            return 5

    questions.append(("q", "1", 10, [([], Tokens(), "1")]))
    assert evotts.Environment.make("mine", questions).questions == 2


def test_a_question_that_is_not_there_is_refused():
    made = evotts.Environment.make("mine", without_signals())
    for index in (1, -1, 2**40):
        with pytest.raises(evotts.InputError, match="index must be a whole number from 0 to 0"):
            made.question(index)


def test_many_questions_are_taken():
    many = evotts.Environment.make("many", without_signals() * 20_000)
    assert many.questions == 20_000
