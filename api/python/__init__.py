"""Controllers for test-time scaling: read, checked, scored on recordings, and run on live questions.

Controller and check() read texts, Environment holds recorded branches, evaluate() scores controllers on them, Session
runs one inside a loop of the caller's, Run reads what a search found, and Extractor and normal_form() turn texts into
answers. Whatever a parameter says of numbers holds for those of numpy, Decimal and Fraction too; none is cut.
"""
from evotts._evotts import (
    Controller,
    Diagnostic,
    Environment,
    Evaluation,
    EvottsError,
    Extractor,
    InputError,
    Result,
    Run,
    Session,
    Step,
    SystemFault,
    Want,
    __version__,
    check,
    evaluate,
    known_controllers,
    normal_form,
)

__all__ = [
    "Controller",
    "Diagnostic",
    "Environment",
    "Evaluation",
    "EvottsError",
    "Extractor",
    "InputError",
    "Result",
    "Run",
    "Session",
    "Step",
    "SystemFault",
    "Want",
    "__version__",
    "check",
    "evaluate",
    "known_controllers",
    "normal_form",
]
