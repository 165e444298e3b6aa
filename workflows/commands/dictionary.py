"""`kmt2a dictionary`: the columns of the clinical table, and the rules between them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from outcomes.clinical.dictionary import COLUMNS, OWN_COLUMNS
from outcomes.clinical.doubtful import DOUBTFUL
from outcomes.clinical.impossible import IMPOSSIBLE
from outcomes.clinical.schema import row_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUPS = (
    ("Impossible: the table is refused, with file, line and column", IMPOSSIBLE),
    ("Doubtful: the row is analysed as it stands, flagged and listed among the cautions", DOUBTFUL),
)


def _text() -> Iterator[str]:
    for column in COLUMNS:
        yield f"{column.name}: {column.holds}\n    {column.meaning}"
    yield f"\n{OWN_COLUMNS}"
    for title, rules in _GROUPS:
        yield f"\n{title}."
        yield from (f"{rule.name} ({rule.concerns})\n    {rule.sentence}" for rule in rules)


def _markdown() -> Iterator[str]:
    yield "# The clinical table\n"
    yield "One row a patient; only `patient` is required. This page is what"
    yield "`kmt2a dictionary --markdown` prints; `--schema` prints the same as JSON Schema.\n"
    yield "| column | holds | meaning |\n|---|---|---|"
    for column in COLUMNS:
        holds = column.holds.replace(" | ", ", ")
        yield f"| `{column.name}` | {holds} | {column.meaning} |"
    yield f"\n{OWN_COLUMNS}"
    for title, rules in _GROUPS:
        yield f"\n## {title}\n\n| rule | concerns | in words |\n|---|---|---|"
        yield from (f"| `{rule.name}` | {rule.concerns} | {rule.sentence} |" for rule in rules)


@click.command("dictionary")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a column.")
@click.option("--schema", is_flag=True, help="A row as JSON Schema (draft 2020-12).")
@click.option("--markdown", is_flag=True, help="Columns and rules as a page in Markdown.")
def command(*, as_json: bool, schema: bool, markdown: bool) -> None:
    """Print every column that the clinical table may have, and the rules between columns.

    Only `patient` is required.
    """
    if as_json + schema + markdown > 1:
        raise click.UsageError("give one of --json, --schema and --markdown")
    if schema:
        click.echo(json.dumps(row_schema(), ensure_ascii=False, indent=2))
    elif as_json:
        for column in COLUMNS:
            click.echo(json.dumps(asdict(column), ensure_ascii=False))
    else:
        click.echo("\n".join(_markdown() if markdown else _text()))
