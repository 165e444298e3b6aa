"""A section of a MultiQC report as custom content: TSV with its settings in comments above it.

MultiQC writes names and text into its page as they are, and its figures read markup too, so that
what could be markup is replaced by what looks alike. A comma in a cell would become a thin space,
as if it stood between thousands. In TSV, unlike JSON, names of samples are left as they are:
MultiQC would cut `S1.bam` to `S1`, and take two samples for one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell = str | int | None

_ALIKE = str.maketrans(
    {
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
        "&": "\N{FULLWIDTH AMPERSAND}",
        '"': "\N{RIGHT DOUBLE QUOTATION MARK}",
        "'": "\N{RIGHT SINGLE QUOTATION MARK}",
        ",": "\N{SINGLE LOW-9 QUOTATION MARK}",
    }
)
# MultiQC's names of colours of cells: blue, amber, red, green.
FOUND, CAUTION, TROUBLE, GOOD = "blue", "warn", "fail", "pass"


def neutral(text: str) -> str:
    """Text in which nothing is markup, and no line or cell ends."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return printable.translate(_ALIKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        title: What stands above it.
        description: What a reader sees who points at the title.
        hidden: Whether a reader has to ask for it.
        colours: The colour of a value: `FOUND`, `CAUTION`, `TROUBLE` or `GOOD`.
        has_bars: Whether it holds numbers, with a bar in each cell.
    """

    title: str
    description: str
    hidden: bool = False
    colours: Mapping[str, str] = field(default_factory=dict)
    has_bars: bool = False

    def settings(self) -> dict[str, object]:
        """As MultiQC wants it."""
        said: dict[str, object] = {"title": self.title, "description": self.description}
        if self.hidden:
            said["hidden"] = True
        if self.has_bars:
            return said | {"format": "{:,.0f}", "min": 0, "scale": "Blues"}
        if self.colours:
            rules: dict[str, list[dict[str, str]]] = {}
            for value, colour in self.colours.items():
                rules.setdefault(colour, []).append({"s_eq": value})
            said["cond_formatting_rules"] = rules
        return said | {"scale": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One file: a table, a bar graph, or columns of MultiQC's General Statistics.

    Attributes:
        key: Its identifier, unique within MultiQC.
        name: What stands above it; empty for General Statistics.
        description: A sentence below the name.
        plot_type: `table`, `bargraph` or `generalstats`.
        first: What the names of the rows are.
        settings: Further settings by their names in MultiQC.
        columns: The names of the columns.
        rows: The cells by row and column.
    """

    key: str
    name: str
    description: str
    plot_type: str
    first: str
    settings: Mapping[str, object]
    columns: Sequence[str]
    rows: Mapping[str, Mapping[str, Cell]]

    @property
    def file(self) -> str:
        """The name that MultiQC recognises."""
        return f"{self.key}_mqc.tsv"

    def text(self) -> str:
        """The content of the file; JSON is YAML, which the settings have to be."""
        about: dict[str, object] = {"id": self.key, "plot_type": self.plot_type}
        about |= {"section_name": self.name, "description": self.description} if self.name else {}
        about |= {"file_format": "tsv", **self.settings}
        lines = [f"# {key}: {_json(value)}" for key, value in about.items()]
        lines.append("\t".join(map(_cell, (self.first, *self.columns))))
        for name, cells in self.rows.items():
            lines.append("\t".join(map(_cell, (name, *map(cells.get, self.columns)))))
        return "\n".join(lines) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Cell) -> str:
    """A cell; in quotes text stays text, even `1E5` and `NAN`."""
    if isinstance(value, int):
        return str(value)
    return f'"{neutral(value)}"' if value else ""


def table(  # noqa: D417 - the others are the section's
    columns: Mapping[str, Column],
    rows: Mapping[str, Mapping[str, Cell]],
    *,
    key: str,
    name: str,
    description: str,
    first: str,
    parent: Mapping[str, str],
) -> Section:
    """A section that is a table.

    Args:
        columns: Its columns by name.
        rows: The cells by row and column.
        parent: The settings of what it is a part of.
    """
    return Section(
        key=key,
        name=name,
        description=description,
        plot_type="table",
        first=first,
        settings={
            **parent,
            "headers": {column: about.settings() for column, about in columns.items()},
            # Hundreds of rows of text are a table too; MultiQC would draw violins of their numbers.
            "pconfig": {
                "id": f"{key}_table",
                "title": f"{parent['parent_name']}: {name}",
                "col1_header": first,
                "namespace": parent["parent_name"],
                "no_violin": True,
                "sort_rows": False,
            },
        },
        columns=tuple(columns),
        rows=rows,
    )


def bar_graph(  # noqa: D417
    categories: Mapping[str, tuple[str, str]],
    rows: Mapping[str, Mapping[str, Cell]],
    *,
    key: str,
    name: str,
    description: str,
    first: str,
    parent: Mapping[str, str],
) -> Section:
    """A section that is a graph of stacked bars.

    Args:
        categories: Name and colour of the parts of a bar, by column.
        rows: The numbers by bar and column.
        parent: The settings of what it is a part of.
    """
    used = [column for column in categories if any(cells.get(column) for cells in rows.values())]
    return Section(
        key=key,
        name=name,
        description=description,
        plot_type="bargraph",
        first=first,
        settings={
            **parent,
            "categories": {
                column: {"name": categories[column][0], "color": categories[column][1]}
                for column in used
            },
            "pconfig": {
                "id": f"{key}_plot",
                "title": f"{parent['parent_name']}: {name}",
                "ylab": "Patients",
                "sort_samples": False,
            },
        },
        columns=used,
        rows=rows,
    )
