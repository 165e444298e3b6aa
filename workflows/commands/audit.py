"""`kmt2a audit`: which printed cells of a publication follow from their own inputs."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from workflows.results import ResultsFolder

_WIDTH = 96


def run_audit(cells: Path, output: Path, *, cohort: Path | None = None) -> str:
    """Judge a table of printed cells and write `audit.tsv`.

    Returns:
        A summary of several lines.

    Raises:
        Kmt2aError: If an input is not what it should be.
    """
    from fusion_caller.tables import read_table
    from outcomes.audit.cells import read_cells
    from outcomes.audit.verdicts import AUDIT_COLUMNS, audit, audit_rows, summary_lines

    audited = audit(read_cells(cells), cohort=read_table(cohort) if cohort else None)
    with ResultsFolder(output) as results:
        results.write_table("audit.tsv", AUDIT_COLUMNS, audit_rows(audited))
    return "\n".join(summary_lines(audited))


def _print_kinds(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if not value or ctx.resilient_parsing:
        return
    from outcomes.audit.judgement import MEANINGS
    from outcomes.audit.kinds import KINDS

    for name, kind in KINDS.items():
        click.echo(textwrap.fill(f"{name}: {kind.meaning}", _WIDTH, subsequent_indent="    "))
        click.echo(f"    {kind.example}  ->  {kind.prints}")
    click.echo("\nVerdicts")
    for verdict, meaning in MEANINGS.items():
        click.echo(f"    {verdict.value}: {meaning}")
    ctx.exit()


@click.command("audit")
@click.argument("cells", type=click.Path(path_type=Path), metavar="CELLS.tsv")
@click.option(
    "--cohort",
    type=click.Path(path_type=Path),
    metavar="C.csv",
    help="The patients, or a reconstruction, for cells that need their data.",
)
@click.option(
    "--kinds",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_kinds,
    help="Print the tests with their inputs, and what the verdicts mean, and exit.",
)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(*, cells: Path, cohort: Path | None, output: Path) -> None:
    """Judge the printed cells of a publication by their own inputs.

    CELLS.tsv has the columns table, row, test, inputs and printed, one row a cell; `--kinds` lists
    the tests and how their inputs are written. Every printed number stands for all values that
    round to it, so that a correct table raises no alarm.
    """
    click.echo(run_audit(cells, output, cohort=cohort))
