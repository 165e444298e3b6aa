"""The `kmt2a` command line: a group whose commands are imported only when they are called."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from types import FrameType

# One file a command; the first words say when one wants it. The imports behind a command take
# seconds, so nothing but its name and this line is needed to print the help.
COMMANDS = {
    "run": "Everything, from callers' files and assays to survival and a report.",
    "demo": "Run on the bundled example: a synthetic cohort and real cell lines.",
    "samplesheet": "Check a sample sheet and cut it into tasks, for a scheduler.",
    "calls": "Callers' files to one table of normalised fusion calls.",
    "detect": "KMT2A fusions straight from reads: FASTQ, BAM or CRAM.",
    "index": "A genome and its annotation to an index by which `detect` names any partner.",
    "assign": "Fusion calls to the KMT2A partner of each sample.",
    "reconcile": "KMT2A fusions and assays to one integrated result a patient.",
    "outcomes": "Integrated results and clinical data to tables, curves and models.",
    "report": "A results folder to one HTML file that works offline.",
    "audit": "Printed cells of a publication: which follow from their own inputs.",
    "synthesise": "Printed margins of a publication to a synthetic cohort that meets them.",
    "iscn": "Explain karyotype or FISH strings.",
    "partner": "Explain a partner gene: names, bands, which assays can see it.",
    "rules": "Print the rules by which assays are integrated, to read or to change.",
    "panel": "List the RT-PCR panels, or the targets of one.",
    "dictionary": "Print the columns of the clinical table and the rules between them.",
}


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"workflows.commands.{cmd_name}")
        command = module.command
        if not isinstance(command, click.Command):  # pragma: no cover - a broken installation
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(version("kmt2a"))
        ctx.exit()


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
@click.pass_context
def cli(ctx: click.Context, *, debug: bool) -> None:
    """KMT2A fusions from RNA-seq, reconciled with FISH, RT-PCR and karyotype; survival by subtype.

    Start with `kmt2a demo -o demo-results`, then open demo-results/report.html.
    """
    ctx.obj = {"debug": debug}


class _EndedError(KeyboardInterrupt):
    """A scheduler ended the process by SIGTERM; it cleans up as after Ctrl-C."""


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _EndedError


def main() -> NoReturn:
    """Run the command line.

    It exits with 0 when done, 1 for bad data, 2 for wrong usage, and 75 for a fault that may pass,
    such as a full disk: a scheduler should try again then, and only then. One that is stopped exits
    as shells say it, with 128 and the number of the signal.
    """
    debug = "--debug" in sys.argv[1:]
    signal.signal(signal.SIGTERM, _end)
    try:
        cli.main(standalone_mode=False, prog_name="kmt2a")
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort as stop:
        click.echo("kmt2a: stopped; nothing was left half written", err=True)
        ended = isinstance(stop.__cause__, _EndedError)
        sys.exit(128 + (signal.SIGTERM if ended else signal.SIGINT))
    except Exception as error:
        if debug:
            raise
        click.echo(f"kmt2a: {_in_one_line(error)}", err=True)
        sys.exit(os.EX_TEMPFAIL if _may_pass(error) else 1)
    sys.exit(0)


def _in_one_line(error: Exception) -> str:
    from fusion_caller.errors import Kmt2aError

    if isinstance(error, Kmt2aError):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    if isinstance(error, MemoryError):
        return "out of memory; give it more, or fewer files at a time"
    # A fault of ours; its text may hold a patient's data.
    kind = type(error).__name__
    return f"internal error ({kind}), nothing was written; please report it with what --debug shows"


def _may_pass(error: Exception) -> bool:
    """Whether the same may go through when it is tried again."""
    from fusion_caller.errors import PASSING, Kmt2aError

    if isinstance(error, Kmt2aError):
        return error.is_passing
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in PASSING)


if __name__ == "__main__":
    main()
