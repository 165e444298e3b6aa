"""Settings read from YAML; each knows the key it stands under, so that errors can name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from fusion_caller.errors import AnalysisError
from fusion_caller.tables import open_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class _Loader(yaml.SafeLoader):
    """The safe loader, but a key that is there twice is an error, not a silent choice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key '{key.value}' is there twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path, file: str) -> dict[str, Any]:
    """Read the keys and values of a YAML file; bare `yes` and `no` are texts.

    Args:
        path: The file.
        file: How messages call it.

    Raises:
        InputError: If the file cannot be opened.
        AnalysisError: If it is not YAML, or a key is there twice.
    """
    try:
        with open_text(path, name=file) as stream:
            # The loader derives from SafeLoader.
            content = yaml.load(stream, Loader=_Loader)  # noqa: S506
    except (yaml.MarkedYAMLError, RecursionError) as error:
        problem = getattr(error, "problem", None) or "it is nested too deeply"
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise AnalysisError(f"the YAML cannot be read ({problem})", file=file, line=line) from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise AnalysisError(f"the YAML cannot be read ({reason})", file=file) from None
    return Setting({} if content is None else _plain(content), file, "").mapping()


def _plain(content: object) -> Any:
    """Make keys texts and booleans `yes` or `no`, as the people who wrote them bare meant them."""
    if isinstance(content, dict):
        return {_text(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plain(value) for value in content]
    return _text(content) if isinstance(content, bool) else content


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


class Setting:
    """A value, read as what it should be; every reading raises `AnalysisError` otherwise.

    Args:
        value: What the YAML holds, None where it holds nothing.
        file: How messages call the file.
        key: The key, with those above it, joined by points.
    """

    def __init__(self, value: object, file: str, key: str = "") -> None:
        self.value = value
        self.file = file
        self.key = key

    def problem(self, text: str) -> AnalysisError:
        """Make the error that names this key."""
        return AnalysisError(text, file=self.file, key=self.key)

    @property
    def absent(self) -> bool:
        """Whether there is nothing here."""
        return self.value is None

    def at(self, key: str) -> Setting:
        """Go to a key below."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Setting(value, self.file, f"{self.key}.{key}" if self.key else key)

    def mapping(self) -> dict[str, Any]:
        """Read keys and values."""
        if not isinstance(self.value, dict):
            raise self.problem(f"expected keys and values, found {_show(self.value)}")
        return self.value

    def check_keys(self, allowed: Iterable[str]) -> None:
        """Refuse keys that mean nothing here."""
        allowed = tuple(allowed)
        for key in self.mapping():
            if key not in allowed:
                raise self.at(key).problem(f"expected one of the keys {', '.join(allowed)}")

    def text(self) -> str:
        """Read one text."""
        if not isinstance(self.value, str | int | float) or not str(self.value).strip():
            raise self.problem(f"expected a text, found {_show(self.value)}")
        return str(self.value).strip()

    def number(self, *, maximum: float) -> float:
        """Read a number from 0 to a maximum."""
        if not isinstance(self.value, int | float):
            raise self.problem(f"expected a number, found {_show(self.value)}")
        if not 0 <= self.value <= maximum:
            raise self.problem(f"expected a number from 0 to {maximum:g}, found {self.value:g}")
        return float(self.value)

    def items(self) -> list[Setting]:
        """Read a list."""
        if not isinstance(self.value, list):
            raise self.problem(f"expected a list, found {_show(self.value)}")
        return [
            Setting(value, self.file, f"{self.key}[{number}]")
            for number, value in enumerate(self.value, start=1)
        ]

    def texts(self) -> tuple[str, ...]:
        """Read a list of different texts."""
        found: list[str] = []
        for item in self.items():
            if item.text() in found:
                raise item.problem(f"expected each once, found '{item.text()}' again")
            found.append(item.text())
        return tuple(found)

    def choice(self, known: Iterable[str]) -> str:
        """Read one of the known names."""
        known = tuple(known)
        if self.text() not in known:
            choices = ", ".join(known) or "nothing, since none is declared"
            raise self.problem(f"expected one of {choices}; found '{self.text()}'")
        return self.text()

    def choices(self, known: Iterable[str]) -> tuple[str, ...]:
        """Read a list of different known names."""
        known = tuple(known)
        for item in self.items():
            item.choice(known)
        return self.texts()


def _show(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return "a list"
    return f"'{' '.join(str(value).split())[:40]}'"
