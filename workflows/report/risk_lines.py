"""A patient's risk groups by every protocol, in a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.report import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def risk_lines(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """Rows of `risk.tsv` as protocol, group, and why there is none or what the group assumes."""
    return [
        (
            words.PROTOCOLS.get(row["protocol"], row["protocol"]),
            row["group"],
            _assumed(row["assumed"]) if row["group"] else _why_none(row),
        )
        for row in rows
    ]


def _assumed(text: str) -> str:
    return "; ".join(part for part in text.split(";") if part)


def _why_none(row: Mapping[str, str]) -> str:
    if row["does_not_apply"]:
        return f"does not apply: {row['does_not_apply']}"
    names = (words.COLUMNS.get(name, name) for name in row["needs"].split(";") if name)
    return f"needs {'; '.join(map(words.uncapitalised, names))}"
