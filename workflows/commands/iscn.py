"""`kmt2a iscn`: what a karyotype or FISH string says, and what it means for KMT2A."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_caller.assays.explained import Explanation


def describe_iscn(text: str) -> dict[str, object]:
    """The explanation of one string as plain values, as `--json` prints them."""
    from fusion_caller.assays.explained import explain

    explained = dataclasses.asdict(explain(text))
    del explained["tree"]
    return {"input": explained.pop("text"), **explained}


def _strings(arguments: tuple[str, ...]) -> Iterator[str]:
    for argument in arguments:
        if argument == "-":
            lines = sys.stdin.read().splitlines()
            yield from (line.strip() for line in lines if line.strip())
        else:
            yield argument


def _in_lines(explained: Explanation) -> Iterator[str]:
    """An explanation for people, a line each."""
    from fusion_caller.knowledge import partners

    yield explained.text
    if not explained.ok:
        yield f"  not understood: {explained.error}"
        return
    yield from (f"  {line}" for line in explained.tree.splitlines())
    for number, clone in enumerate(explained.clones, start=1):
        yield f"  11q23 in clone {number}: {clone.kmt2a.replace('_', ' ')}"
    yield f"  KMT2A: {explained.kmt2a.replace('_', ' ')}. {explained.reading}"
    if explained.partner_bands:
        yield f"  bands of the partner: {', '.join(explained.partner_bands)}"
    counted = []
    for symbol in explained.candidates:
        known = partners().get(symbol)
        patients = known.patients if known else None
        counted.append(f"{symbol} ({patients:,} patients)" if patients else symbol)
    yield f"  candidates: {', '.join(counted) or 'none'}"
    yield from (f"  cannot tell: {sentence}" for sentence in explained.cannot_tell)
    yield from (f"  mended: {sentence}" for sentence in explained.mended)


@click.command("iscn")
@click.argument("strings", metavar="STRING...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a string.")
def command(strings: tuple[str, ...], *, as_json: bool) -> None:
    """Explain karyotype or FISH strings; `-` reads them from standard input, one a line.

    The strings are in ISCN, or in a laboratory's words. What is almost ISCN is mended, and said.
    The key `type` of --json names the parts of a string, joined by +: karyotype, metaphase_fish,
    fish, array, ogm, seq, sseq, rsa, mlpa. A string that is not understood has `ok` false and the
    reason in `error`; the exit code is 0 all the same.
    """
    from fusion_caller.assays.explained import explain

    for text in _strings(strings):
        if as_json:
            click.echo(json.dumps(describe_iscn(text), ensure_ascii=False))
        else:
            for line in _in_lines(explain(text)):
                click.echo(line)
