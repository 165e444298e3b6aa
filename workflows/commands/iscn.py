"""`kmt2a iscn`: what a karyotype or FISH string says of KMT2A."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import click

from fusion_caller.assays import read_result
from fusion_caller.records import Assay, AssayReport, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

_FISH = re.compile(r"\bn?uc\s*ish\b|^\s*\d+F", re.IGNORECASE)
_KARYOTYPE_START = re.compile(r"^\s*\d{2}")
_SEEN_BY_VERDICT = {Verdict.POSITIVE: "rearranged", Verdict.INCONCLUSIVE: "possible"}


def describe_iscn(text: str) -> dict[str, object]:
    """The reading of one string as plain values; a karyotype with a FISH part is a karyotype."""
    assay = (
        Assay.FISH if _FISH.search(text) and not _KARYOTYPE_START.search(text) else Assay.KARYOTYPE
    )
    reading = read_result(
        AssayReport(patient="", assay=assay, panel="", result=text, date="", file="", line=1)
    )
    understood = reading.verdict is not Verdict.NOT_UNDERSTOOD
    visible = _SEEN_BY_VERDICT.get(reading.verdict, "not_visible")
    return {
        "input": text,
        "type": assay,
        "ok": understood,
        "error": "" if understood else reading.sentence,
        "kmt2a": visible if understood else "",
        "finding": reading.finding,
        "candidates": list(reading.partners),
        "reading": reading.sentence,
    }


def _strings(arguments: tuple[str, ...]) -> Iterator[str]:
    for argument in arguments:
        if argument == "-":
            lines = sys.stdin.read().splitlines()
            yield from (line.strip() for line in lines if line.strip())
        else:
            yield argument


@click.command("iscn")
@click.argument("strings", metavar="STRING...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a string.")
def command(strings: tuple[str, ...], *, as_json: bool) -> None:
    """Explain karyotype or FISH strings; `-` reads them from standard input, one a line."""
    for text in _strings(strings):
        answer = describe_iscn(text)
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
        else:
            candidates = ", ".join(map(str, answer["candidates"])) or "none"  # type: ignore[call-overload]
            click.echo(f"{text}\n  {answer['reading']}\n  candidates: {candidates}")
