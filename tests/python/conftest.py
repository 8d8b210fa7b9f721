"""Where the module and the program are: set by ctest, and found beside the sources otherwise."""
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("EVOTTS_BUILD", ROOT / "build" / "release"))
sys.path.insert(0, str(BUILD / "python"))


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def program():
    """Runs the program: its standard output."""

    def run(*arguments):
        done = subprocess.run([BUILD / "evotts", *arguments], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
