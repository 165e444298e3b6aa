"""`kmt2a dictionary`: the columns of the clinical table, what they mean and may hold."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from outcomes.clinical.dictionary import COLUMNS, OWN_COLUMNS, Column


def _holds(column: Column) -> str:
    if column.allowed:
        return " | ".join(column.allowed)
    unit = f", {column.unit}" if column.unit else ""
    limits = (("at least", column.minimum), ("at most", column.maximum))
    bounds = "".join(f", {word} {limit:g}" for word, limit in limits if limit is not None)
    return f"{column.kind}{unit}{bounds}"


@click.command("dictionary")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a column.")
def command(*, as_json: bool) -> None:
    """Print every column that the clinical table may have; only `patient` is required."""
    for column in COLUMNS:
        if as_json:
            click.echo(json.dumps(asdict(column), ensure_ascii=False))
        else:
            click.echo(f"{column.name}: {_holds(column)}\n    {column.meaning}")
    if not as_json:
        click.echo(f"\n{OWN_COLUMNS}")
