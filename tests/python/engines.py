"""An engine that stands for a model: it plays a recording."""
import evotts


class Recording:
    """Answers the wants of a session from a question as Environment.question() gives it, dealt in an order."""

    def __init__(self, question, order):
        self.branches = [question["branches"][i] for i in order]
        self.interval = question["interval"]

    def step(self, branch, place, look, names):
        recorded = self.branches[branch]
        return evotts.Step(recorded["probes"][place] if look else None, [recorded["signals"][n][place] for n in names])

    def result(self, want, names=()):
        recorded = self.branches[want.branch]
        probes = recorded["probes"]
        if want.kind == "look":
            return evotts.Result(want.branch, [evotts.Step(probes[want.depth - 1])])
        if want.kind == "read":
            most = want.most_tokens
            if most is not None and recorded["tokens"] > most:
                return evotts.Result(want.branch, tokens=most)
            steps = [self.step(want.branch, i, False, names) for i in range(len(probes))]
            return self.end(want.branch, steps, names)
        last = min(want.depth + want.intervals, len(probes))
        steps = [self.step(want.branch, i, want.look, names) for i in range(want.depth, last)]
        if len(steps) == want.intervals:
            return evotts.Result(want.branch, steps)
        return self.end(want.branch, steps, names)

    def end(self, branch, steps, names):
        recorded = self.branches[branch]
        return evotts.Result(branch, steps, finished=True, answer=recorded["answer"], tokens=recorded["tokens"],
                             signals=[recorded["signals"][n][-1] for n in names])

