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
# The section that all of ours are parts of.
PARENT = "KMT2A"
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
class Heading:
    """What stands above a section.

    Attributes:
        key: Its identifier, unique within MultiQC.
        name: The heading; empty for columns of General Statistics.
        description: A sentence below it.
        first: What the names of the rows are.
    """

    key: str
    name: str = ""
    description: str = ""
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One file: a table, a bar graph, or columns of MultiQC's General Statistics.

    Attributes:
        heading: What stands above it.
        plot_type: `table`, `bargraph` or `generalstats`.
        settings: Further settings by their names in MultiQC.
        columns: The names of the columns.
        rows: The cells by row and column.
    """

    heading: Heading
    plot_type: str
    settings: Mapping[str, object]
    columns: Sequence[str]
    rows: Mapping[str, Mapping[str, Cell]]

    @property
    def file(self) -> str:
        """The name that MultiQC recognises."""
        return f"{self.heading.key}_mqc.tsv"

    def text(self, about_all: str) -> str:
        """The content of the file; JSON is YAML, which the settings have to be.

        Args:
            about_all: What stands above all sections, as HTML.
        """
        about: dict[str, object] = {"id": self.heading.key}
        if self.heading.name:
            about |= {
                "parent_id": PARENT.lower(),
                "parent_name": PARENT,
                "parent_description": about_all,
                "section_name": self.heading.name,
                "description": self.heading.description,
            }
        about |= {"plot_type": self.plot_type, "file_format": "tsv", **self.settings}
        lines = [f"# {key}: {_json(value)}" for key, value in about.items()]
        lines.append("\t".join(map(_cell, (self.heading.first, *self.columns))))
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


def general(
    heading: Heading, columns: Mapping[str, Column], rows: Mapping[str, Mapping[str, Cell]]
) -> Section:
    """Columns of General Statistics, which stand beside those of every other tool."""
    settings = {"namespace": PARENT, "headers": _headers(columns)}
    return Section(
        heading=heading,
        plot_type="generalstats",
        settings=settings,
        columns=tuple(columns),
        rows=rows,
    )


def table(
    heading: Heading, columns: Mapping[str, Column], rows: Mapping[str, Mapping[str, Cell]]
) -> Section:
    """A section that is a table."""
    # Hundreds of rows of text are a table too; MultiQC would draw violins of their numbers.
    drawn = {"col1_header": heading.first, "no_violin": True, "sort_rows": False}
    settings = {"headers": _headers(columns), "pconfig": _plot(heading, "table") | drawn}
    return Section(
        heading=heading, plot_type="table", settings=settings, columns=tuple(columns), rows=rows
    )


def _headers(columns: Mapping[str, Column]) -> dict[str, object]:
    return {name: column.settings() for name, column in columns.items()}


def bar_graph(
    heading: Heading,
    parts: Mapping[str, tuple[str, str]],
    rows: Mapping[str, Mapping[str, Cell]],
) -> Section:
    """A section that is a graph of stacked bars.

    Args:
        heading: What stands above it.
        parts: Name and colour of the parts of a bar, by column; those without a number are left
            out.
        rows: The numbers by bar and column.
    """
    used = {
        one: about for one, about in parts.items() if any(row.get(one) for row in rows.values())
    }
    drawn = {"ylab": "Patients", "sort_samples": False}
    return Section(
        heading=heading,
        plot_type="bargraph",
        settings={
            "categories": {
                column: {"name": name, "color": colour} for column, (name, colour) in used.items()
            },
            "pconfig": _plot(heading, "plot") | drawn,
        },
        columns=tuple(used),
        rows=rows,
    )


def _plot(heading: Heading, kind: str) -> dict[str, object]:
    return {"id": f"{heading.key}_{kind}", "title": f"{PARENT}: {heading.name}"}
