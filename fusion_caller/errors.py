"""Errors that a person can act on: where, what was found, what was expected, what to do.

Messages carry file, line and column but never a patient's identifier: they end up in logs. A file
is called what the user calls it, whatever is in its name.
"""

from __future__ import annotations

import errno

# Errors of the system that may be gone when the same is tried again: no room, no memory, a file
# server or a device that does not answer.
PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)


class Kmt2aError(Exception):
    """Base of every error that this project raises on purpose.

    `is_passing` says that the same may go through when it is tried again.
    """

    is_passing = False


class FusionCallerError(Kmt2aError):
    """Base of the errors raised by `fusion_caller`."""


class InputError(FusionCallerError):
    """Something in a user's file is not what it should be.

    Args:
        problem: What was expected and what was found, one sentence without a full stop.
        file: The file as the user named it.
        line: 1-based line in the (decompressed) file; the header is line 1.
        column: Name of the column, as printed in the header.
        remedy: What to do about it, one sentence without a full stop.
        error: The error of the system behind it, if there is one.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str,
        line: int | None = None,
        column: str | None = None,
        remedy: str | None = None,
        error: OSError | None = None,
    ) -> None:
        self.is_passing = error is not None and error.errno in PASSING
        self.problem = problem
        self.file = file
        self.line = line
        self.column = column
        self.remedy = remedy
        super().__init__(problem)

    def __reduce__(self) -> tuple[object, ...]:
        # So that it comes whole out of another process, which its own arguments do not.
        return _input_error, (
            self.problem,
            self.file,
            self.line,
            self.column,
            self.remedy,
            self.is_passing,
        )

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f", line {self.line}"
        if self.column is not None:
            where += f", column '{self.column}'"
        message = f"{where}: {self.problem}"
        whole = f"{message}; {self.remedy}" if self.remedy else message
        return " ".join(whole.splitlines())  # what was found may hold a line break


def _input_error(  # noqa: PLR0917 - by position, as pickle hands them
    problem: str,
    file: str,
    line: int | None,
    column: str | None,
    remedy: str | None,
    is_passing: bool,  # noqa: FBT001
) -> InputError:
    made = InputError(problem, file=file, line=line, column=column, remedy=remedy)
    made.is_passing = is_passing
    return made


class BadValueError(FusionCallerError):
    """A single value cannot be read; whoever knows file and line turns it into an `InputError`.

    Args:
        problem: What was expected and what was found.
        column: Name of the column the value stood in, where it is known.
    """

    def __init__(self, problem: str, *, column: str | None = None) -> None:
        self.problem = problem
        self.column = column
        super().__init__(problem)


class AnalysisError(Kmt2aError):
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
