#!/usr/bin/env python3
"""Runs the linter over sources, each once: what it had nothing to say about is not asked about again.

    cmake/lint.py BUILD_FOLDER SOURCE...

BUILD_FOLDER has the compile_commands.json of clang 19. A source is known by what the preprocessor makes of it, by the
linter's version and by its configuration; sources without a complaint are remembered in $XDG_CACHE_HOME/evotts/lint (in
~/.cache without it), which may be removed. Prints every complaint, and ends with 1 if there is any.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

TIDY = "clang-tidy-19"


def commands(build):
    """The compiler's words for each source, by its real path."""
    table = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        # The launcher of a compiler cache stands before the compiler.
        first = next(i for i, word in enumerate(words) if "clang++" in pathlib.Path(word).name)
        table[os.path.realpath(entry["file"])] = (words[first:], entry["directory"])
    return table


def preprocessed(words, folder):
    words = [word for word in words if word != "-c"]
    at = words.index("-o")
    del words[at : at + 2]
    run = subprocess.run([*words, "-E", "-P"], cwd=folder, capture_output=True)
    return run.stdout if run.returncode == 0 else None


class Linter:
    def __init__(self, build):
        self.build = build
        self.commands = commands(build)
        self.same_for_all = b"".join(
            subprocess.run([TIDY, word], capture_output=True, check=True).stdout
            for word in ("--version", "--dump-config"))
        cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        self.known = pathlib.Path(cache) / "evotts" / "lint"
        self.known.mkdir(parents=True, exist_ok=True)

    def look(self, source):
        """What the linter says of the source: nothing, or its complaint."""
        found = self.commands.get(os.path.realpath(source))
        if found is None:
            return ""  # this build has no such source, e.g. without Python
        text = preprocessed(*found)
        stamp = text and self.known / hashlib.sha256(self.same_for_all + text).hexdigest()
        if stamp and stamp.exists():
            return ""
        run = subprocess.run([TIDY, "-p", self.build, "--quiet", "--warnings-as-errors=*", source],
                             capture_output=True, text=True)
        if run.returncode != 0:
            return run.stdout or run.stderr or f"{source}: {TIDY} ended with {run.returncode}\n"
        if stamp:
            stamp.touch()
        return ""


def main():
    build, sources = pathlib.Path(sys.argv[1]), sys.argv[2:]
    linter = Linter(build)
    complaints = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, said in enumerate(pool.map(linter.look, sources), 1):
            if said:
                complaints += 1
                print(said, end="", flush=True)
            if number % 50 == 0 or number == len(sources):
                print(f"lint: {number} of {len(sources)} sources", file=sys.stderr, flush=True)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
