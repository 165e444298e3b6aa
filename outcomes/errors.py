"""Errors that the analysis raises on purpose."""

from __future__ import annotations

from fusion_caller.errors import AnalysisError, Kmt2aError

__all__ = ["AnalysisError", "OutcomesError"]


class OutcomesError(Kmt2aError):
    """Base of the errors raised by `outcomes`."""
