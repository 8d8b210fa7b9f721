"""Many questions at once over a batch engine: every round all sessions say what they want, and one call of the
engine answers them all. docs/python.md shows it; tests/python/test_lock_step.py runs it with a fake engine."""
import evotts

BOXED = evotts.Extractor("boxed")
LOOK = "\n\\boxed{"  # makes a model answer at once
LOOK_TOKENS = 32


class Question:
    """A session, and the text of each of its branches."""

    def __init__(self, prompt, controller, beta, interval):
        self.prompt = prompt
        self.interval = interval
        self.session = evotts.Session(controller, beta, interval=interval)
        self.texts = {}  # by branch
        self.tokens = {}

    def wants(self):
        """What is to be generated now; nothing: it has ended."""
        if not self.session.next():
            return []
        return [want for want in self.session.wants if want.kind != "prune"]


def start_of(question, want):
    return question.texts.get(want.branch, f"{question.prompt} #{want.branch}\n")


def grow(question, want, engine_text, ended, tokens):
    """Takes in what a want has brought, and says whether the branch has ended."""
    question.texts[want.branch] = start_of(question, want) + engine_text
    question.tokens[want.branch] = question.tokens.get(want.branch, 0) + tokens
    return ended


def run(prompts, controller, generate, beta=0.5, interval=16, most_tokens=4096):
    """Answers of all prompts. generate(texts, most) is one call of the engine for the whole round: for each text it
    gives (what follows, whether it ended there, tokens)."""
    questions = [Question(prompt, controller, beta, interval) for prompt in prompts]
    while True:
        round_of = [(q, want) for q in questions for want in q.wants()]
        if not round_of:
            return [q.session.answer for q in questions]
        serve(round_of, generate, most_tokens)


def serve(round_of, generate, most_tokens):
    """One interval a call: wants of several intervals are made in as many, looks between them."""
    open_wants = [(q, want, []) for q, want in round_of]
    while open_wants:
        texts, most = [], []
        for q, want, _ in open_wants:
            look = want.kind == "look"
            texts.append(start_of(q, want) + LOOK if look else start_of(q, want))
            most.append(LOOK_TOKENS if look else most_tokens if want.kind == "read" else q.interval)
        replies = generate(texts, most)
        looked = looks_of(open_wants, replies, generate)
        open_wants = [
            entry for entry, reply, answer in zip(open_wants, replies, looked) if not settle(*entry, reply, answer)
        ]


def looks_of(open_wants, replies, generate):
    """Answers after the interval that has just come, where they are wanted: one more call for all of them."""
    asked = [i for i, (_, want, _) in enumerate(open_wants) if want.look and not replies[i][1]]
    answers = [None] * len(open_wants)
    if asked:
        texts = [start_of(*open_wants[i][:2]) + replies[i][0] + LOOK for i in asked]
        for i, (text, _, _) in zip(asked, generate(texts, [LOOK_TOKENS] * len(asked))):
            answers[i] = BOXED.answer("\\boxed{" + text)
    return answers


def settle(q, want, steps, reply, answer):
    """Gives the session the result of a want if it is there by now."""
    text, ended, tokens = reply
    if want.kind == "look":
        q.session.give(branch=want.branch, steps=[BOXED.answer("\\boxed{" + text)], look_tokens=tokens)
        return True
    if grow(q, want, text, ended or want.kind == "read", tokens):
        q.session.give(branch=want.branch, steps=steps, finished=True, tokens=q.tokens[want.branch],
                       answer=BOXED.answer(q.texts[want.branch]))
        return True
    steps.append(answer)
    if len(steps) < want.intervals:
        return False
    q.session.give(branch=want.branch, steps=steps)
    return True
