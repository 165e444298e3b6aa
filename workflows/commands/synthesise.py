"""`kmt2a synthesise`: printed margins of a publication to a synthetic cohort that meets them."""

from __future__ import annotations

import csv
import io
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDTH = 96
CLINICAL, PATIENTS, CONSTRAINTS, NOTES_FILE = (
    "clinical.csv",
    "patients.tsv",
    "constraints.tsv",
    "READ_ME_FIRST.txt",
)
# The solver measures its work in units that take some seconds of a processor, model included.
_SECONDS_A_UNIT = 6


def run_synthesise(margins: Path, output: Path, *, seed: int, seconds: int) -> str:
    """Make a synthetic cohort from a table of margins and say which of them it meets.

    Returns:
        A summary of several lines.

    Raises:
        Kmt2aError: If the table is not what it should be, or the solver is not installed.
    """
    _need_solver()
    from outcomes.clinical.cohort import join_results, read_cohort, read_results
    from outcomes.synthesis.margins import read_margins
    from outcomes.synthesis.notes import NOTES
    from outcomes.synthesis.patients import (
        RESULT_COLUMNS,
        clinical_columns,
        clinical_rows,
        result_rows,
    )
    from outcomes.synthesis.problem import understand
    from outcomes.synthesis.search import search
    from outcomes.synthesis.verdicts import (
        CONSTRAINT_COLUMNS,
        Verdict,
        constraint_rows,
        judge,
        summary_lines,
    )
    from workflows.manifest import input_file, write_manifest

    started = datetime.now(UTC)
    task = understand(read_margins(margins))
    found = search(task.problem, seed=seed, effort=seconds / _SECONDS_A_UNIT)
    with ResultsFolder(output) as results:
        rows = clinical_rows(task, found.assignment, seed=seed)
        results.write_text(CLINICAL, _csv(clinical_columns(task), rows))
        results.write_table(PATIENTS, RESULT_COLUMNS, result_rows(task, found.assignment))
        cohort = join_results(
            read_cohort(results.staging / CLINICAL, name=CLINICAL),
            read_results(results.staging / PATIENTS, name=PATIENTS),
        ).cohort
        judged = judge(task, cohort, found.conflicts)
        results.write_table(
            CONSTRAINTS, CONSTRAINT_COLUMNS, constraint_rows(judged), for_people=True
        )
        results.write_text(NOTES_FILE, NOTES)
        aside = (Verdict.NOT_UNDERSTOOD, Verdict.NOT_SUPPORTED)
        write_manifest(
            results,
            command="synthesise",
            parameters={"seed": seed, "seconds": seconds, "synthetic": True},
            inputs=[
                input_file(
                    "margins",
                    margins,
                    name=str(margins),
                    rows_in=len(judged),
                    set_aside=sum(one.verdict in aside for one in judged),
                )
            ],
            times=(started, datetime.now(UTC)),
        )
    return "\n".join(
        (f"{task.problem.n} synthetic patients; none of them is a patient.", *summary_lines(judged))
    )


def _need_solver() -> None:
    from fusion_caller.errors import Kmt2aError

    try:
        import ortools  # noqa: F401
    except ImportError:
        raise Kmt2aError("synthesise needs a solver: pip install 'kmt2a[synthesis]'") from None


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _print_kinds(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if not value or ctx.resilient_parsing:
        return
    # Not from `verdicts`, so that the kinds can be read without the solver.
    from outcomes.synthesis.kinds import CONDITIONS, KINDS, NOT_SOUGHT
    from outcomes.synthesis.verdicts import MEANINGS

    for name, kind in KINDS.items():
        click.echo(textwrap.fill(f"{name}: {kind.meaning}", _WIDTH, subsequent_indent="    "))
        example = {"of": kind.of, "where": kind.where, "n": kind.n}
        given = "; ".join(f"{column}: {text}" for column, text in example.items() if text)
        click.echo(f"    {given or '-'}  ->  {kind.prints}")
    click.echo("\n" + textwrap.fill(CONDITIONS, _WIDTH, subsequent_indent="    "))
    click.echo("\nNot sought")
    for name, why in NOT_SOUGHT.items():
        click.echo(f"    {name}: {why}")
    click.echo("\nVerdicts")
    for verdict, meaning in MEANINGS.items():
        click.echo(f"    {verdict.value}: {meaning}")
    ctx.exit()


@click.command("synthesise")
@click.argument("margins", type=click.Path(path_type=Path), metavar="MARGINS.tsv")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=1,
    show_default=True,
    help="Where the search begins; the same seed gives the same cohort.",
)
@click.option(
    "--seconds",
    type=click.IntRange(1, 86_400),
    default=60,
    show_default=True,
    help="About how long to search. Work is counted, not time, so that a slow machine gives the "
    "same cohort.",
)
@click.option(
    "--kinds",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_kinds,
    help="Print the kinds of margin with an example each, and what the verdicts mean, and exit.",
)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(*, margins: Path, seed: int, seconds: int, output: Path) -> None:
    """Make a SYNTHETIC cohort that meets the printed margins of a publication.

    MARGINS.tsv has the columns table, row, kind, of, where, printed and, if printed, n, one row a
    margin; `--kinds` lists the kinds and how they are written. Every margin is then recomputed
    from the cohort and is met, unmet or contradictory. Nothing that is made is patient data.
    """
    click.echo(run_synthesise(margins, output, seed=seed, seconds=seconds))
