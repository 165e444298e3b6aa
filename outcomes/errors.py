"""Errors that the analysis raises on purpose."""

from __future__ import annotations

from fusion_caller.errors import Kmt2aError


class OutcomesError(Kmt2aError):
    """Base of the errors raised by `outcomes`."""


class AnalysisError(OutcomesError):
    """An analysis asks for something that cannot be done.

    Args:
        problem: What was expected and what was found, one sentence without a full stop.
        file: The analysis file as the user named it, or the preset.
        key: The key, with those above it, joined by points; empty for the file as a whole.
        line: 1-based line, where it is known.
    """

    def __init__(self, problem: str, *, file: str, key: str = "", line: int | None = None) -> None:
        self.problem = problem
        self.file = file
        self.key = key
        self.line = line
        super().__init__(problem)

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f", line {self.line}"
        if self.key:
            where += f", key '{self.key}'"
        return f"{where}: {self.problem}"
