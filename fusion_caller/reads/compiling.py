"""Functions that are compiled at their first call, and where their machine code is kept.

numba keeps it beside the source or, where that folder is not writable, in the user's cache folder.
In a container neither may be: `BesideSource` then reads what was compiled when the image was made.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, InTreeCacheLocator

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function at its first call, once for all processes; it lets other threads run."""
    return _compile(function, inline="never")


def inlined(function: F) -> F:
    """Compile a function into every one that calls it."""
    return _compile(function, inline="always")


class BesideSource(InTreeCacheLocator):  # type: ignore[misc] # numba has no types
    """The folder beside the source, whether it can be written or not.

    The image names it in NUMBA_CACHE_LOCATOR_CLASSES, so that it comes before the user's folder.
    """

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> BesideSource:
        """Never refuse: numba's own class asks whether the folder is writable."""
        return cls(py_func, py_file)


class _Places(CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = (*CompileResultCacheImpl._locator_classes, BesideSource)  # noqa: SLF001


class _KeptCode(FunctionCache):  # type: ignore[misc]
    """numba's cache; what cannot be kept is compiled anew in each process."""

    _impl_class = _Places

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):
            super().save_overload(sig, data)


def _compile(function: F, *, inline: str) -> F:
    dispatcher = njit(nogil=True, inline=inline)(function)
    # As `enable_caching` does it, with numba's own class.
    dispatcher._cache = _KeptCode(function)  # noqa: SLF001
    return cast("F", dispatcher)
