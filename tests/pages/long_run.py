"""A run of thousands of generations, made of one of a few: as large as a long search, in seconds.

    make(short, long, generations=5000)

The newest commit has the files of the short run. Behind it stand commits with births of their own, of which lines
of first parents lead to the champion and to each controller on the frontier.
"""
import hashlib
import json
import random
import re
import shutil
import subprocess

BIRTHS = 12  # of a generation
BETAS = [i / 10 for i in range(11)]


def git(run, *arguments, data=None):
    return subprocess.run(["git", "-c", "safe.directory=*", *arguments], cwd=run, input=data, check=True,
                          capture_output=True).stdout


def identity(text):
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def varied(text, rng):
    """Another controller: two numbers behind a point have other digits."""
    places = [m.span(1) for m in re.finditer(r"\d\.(\d+)", text)]
    for begin, end in sorted(rng.sample(places, min(2, len(places))), reverse=True):
        text = text[:begin] + str(rng.randrange(100, 999)) + text[end:]
    return text


def birth(number, generation, who, parents, rng):
    return json.dumps({"id": who, "number": number, "generation": generation, "parents": parents,
                       "operator": "constants+insert_statement" if parents else "random", "size": 120,
                       "score": 50 + generation / 200 + rng.random(), "fitness": 50 + generation / 200,
                       "curve": [{"beta": b, "accuracy": 40 + 20 * b + rng.random(), "tokens": 1e4 * 10 ** (2 * b)}
                                 for b in BETAS]})


def make(short, long, generations):
    rng = random.Random(1)
    shutil.copytree(short, long)
    tree = [line.split(maxsplit=3) for line in git(long, "ls-tree", "-r", "main").decode().splitlines()]
    files = {name: content for _, kind, content, name in tree if not name.startswith("lineage/")}
    message = git(long, "log", "-1", "--format=%B", "main").decode()
    champion = json.loads(git(long, "show", "main:generation.json"))["best"]["id"]
    frontier = [name[8:-4] for name in files if name.startswith("archive/") and name[8:-4] != champion]
    texts = [git(long, "cat-file", "blob", content).decode() for name, content in files.items() if name.endswith(".ctl")]
    base = max(texts, key=lambda text: (len(re.findall(r"\d\.\d+", text)), text))  # there is most to vary
    # Which step is born when: the champion's line in every third generation, tails of the frontier before its end.
    born = {generation: [] for generation in range(generations)}
    line = []
    for generation in range(0, generations - 1, 3):
        text = varied(base, rng)
        line.append(identity(text))
        born[generation].append((line[-1], line[-2:-1], text))
    ends, tail = {champion: line[-1]}, min(100, len(line) // 2)  # steps of a line of the frontier that are its own
    for one in frontier:
        start = rng.randrange(1, len(line) - tail)
        last = line[start]
        for step in range(tail):
            generation = 3 * (start + step) + 1
            text = varied(base, rng)
            born[generation].append((identity(text), [last, line[start - 1]], text))
            last = identity(text)
        ends[one] = last
    stream, number, before = [], 0, []
    for generation in range(generations):
        newest = generation == generations - 1
        births = []
        for who, parents, text in born[generation]:
            births.append(birth(number + len(births), generation, who, parents, rng))
        for who, parent in ends.items() if newest else ():
            births.append(birth(number + len(births), generation, who, [parent], rng))
        while len(births) < BIRTHS:
            births.append(birth(number + len(births), generation, "%040x" % rng.getrandbits(160), line[:1], rng))
        number += len(births)
        said = re.sub(r"^Generation: .*$", f"Generation: {generation}", message, flags=re.M)
        said = re.sub(r"^Best-Score: .*$", f"Best-Score: {50 + generation / 200:.6f}", said, flags=re.M).encode()
        stream += [b"commit refs/heads/long\nmark :%d\ncommitter x <x@localhost> %d +0000\ndata %d\n%s" %
                   (generation + 1, 1000000000 + generation, len(said), said)]
        if generation:
            stream += [b"from :%d\n" % generation]
        put = {f"lineage/{generation // 1000:04}/{generation:06}.jsonl": "\n".join(births) + "\n"}
        put |= {f"population/{who}.ctl": text for who, _, text in born[generation]}
        stream += [b"D %s\n" % name.encode() for name in before]
        before = [name for name in put if name.startswith("population/")]
        for name, text in put.items():
            stream += [b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text.encode()), text.encode())]
        if newest:
            stream += [b"M 100644 %s %s\n" % (content.encode(), name.encode()) for name, content in files.items()]
    # In haste, as nobody keeps it.
    git(long, "-c", "core.compression=1", "-c", "pack.compression=1", "fast-import", "--quiet", "--depth=1", data=b"".join(stream))
    git(long, "update-ref", "refs/heads/main", "refs/heads/long")
    git(long, "branch", "-D", "long")
