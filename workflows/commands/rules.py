"""`kmt2a rules`: how results become one status and one confidence, to read and to change."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.facts import MEANINGS
from fusion_caller.rules import PACKAGED, packaged_rules, read_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_caller.rules import Rule, RuleBook

_WIDTH = 96


def _lines(book: RuleBook) -> Iterator[str]:
    yield f"Rules of integration ({book.source}); the first that holds decides."
    for title, rules in (("STATUS", book.status), ("CONFIDENCE", book.confidence)):
        yield ""
        yield title
        for number, rule in enumerate(rules, start=1):
            yield f"{number:3}. {rule.name} -> {rule.then}"
            yield _indented(f"when {rule.when}")
            yield _indented(rule.because)
    yield ""
    yield "LIMITS"
    for key, value in book.settings.items():
        yield f"     {key}: {value:g}" if value < 1 else f"     {key}: {value:,.0f}"
    yield ""
    yield "WHAT THE WORDS MEAN"
    for fact, meaning in MEANINGS.items():
        yield _indented(f"{fact}: {meaning}")


def _indented(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=" " * 5, subsequent_indent=" " * 7)


def _values(table: str, rule: Rule) -> dict[str, str]:
    return {
        "table": table,
        "rule": rule.name,
        "when": rule.when,
        "then": rule.then,
        "because": rule.because,
    }


@click.command("rules")
@click.option(
    "--analysis",
    type=click.Path(path_type=Path),
    metavar="Y.yaml",
    help="Show the rules as this analysis file changes them.",
)
@click.option("--yaml", "as_yaml", is_flag=True, help="The packaged rules as YAML to be changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule.")
def command(*, analysis: Path | None, as_yaml: bool, as_json: bool) -> None:
    """Print the rules by which results become one status and one confidence.

    To change them, put what `--yaml` prints into an analysis file, change it there, and give that
    file to `run` or `reconcile` as --analysis. A table that is given replaces the packaged one.
    """
    if as_yaml and (as_json or analysis):
        raise click.UsageError("--yaml prints the packaged rules; give it alone")
    if as_yaml:
        click.echo("integration:")
        click.echo(textwrap.indent(PACKAGED.read_text(encoding="utf-8"), "  "), nl=False)
        return
    book = read_rules(analysis, name=str(analysis)) if analysis else packaged_rules()
    if as_json:
        for table, rules in (("status", book.status), ("confidence", book.confidence)):
            for rule in rules:
                click.echo(json.dumps(_values(table, rule), ensure_ascii=False))
        return
    click.echo("\n".join(_lines(book)))
