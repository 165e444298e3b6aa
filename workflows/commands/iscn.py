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


def _headline(explained: Explanation) -> str:
    """What is shown of KMT2A in few words, which tell a negative result from none."""
    from fusion_caller.records import Finding, Verdict

    if explained.verdict is Verdict.NOT_DONE:
        # Of words, the test itself was not done; of ISCN, it was one of other genes.
        return "not tested" if explained.canonical else "not done"
    if explained.verdict is Verdict.INCONCLUSIVE and explained.finding is Finding.INCONCLUSIVE:
        return "left open"
    return explained.kmt2a.replace("_", " ")


def _in_lines(explained: Explanation) -> Iterator[str]:
    """An explanation for people, a line each."""
    from fusion_caller.assays.band_candidates import with_evidence
    from fusion_caller.knowledge import partners

    yield explained.text
    if not explained.ok:
        yield f"  not understood: {explained.error}"
        return
    yield from (f"  {line}" for line in explained.tree.splitlines())
    for number, clone in enumerate(explained.clones, start=1):
        unseen = ", of which no cell was seen" if clone.cells == 0 else ""
        yield f"  11q23 in clone {number}: {clone.kmt2a.replace('_', ' ')}{unseen}"
    yield f"  KMT2A: {_headline(explained)}. {explained.reading}"
    if explained.partner_bands:
        yield f"  bands of the partner: {', '.join(explained.partner_bands)}"
    counted = []
    for symbol in explained.candidates:
        known = partners().get(symbol)
        patients = known.patients if known else None
        counted.append(f"{symbol} ({patients:,} patients)" if patients else with_evidence(symbol))
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
    fish, array, ogm, seq, sseq, rsa, mlpa. The key `kmt2a` is rearranged, possible or not_visible;
    `verdict` is positive, negative, inconclusive, not_done or not_understood, and tells a negative
    result from a test that was not done, failed, was left open or did not test KMT2A. A string
    that is not understood has `ok` false and the reason in `error`; the exit code is 0 all the
    same.
    """
    from fusion_caller.assays.explained import explain

    for text in _strings(strings):
        if as_json:
            click.echo(json.dumps(describe_iscn(text), ensure_ascii=False))
        else:
            for line in _in_lines(explain(text)):
                click.echo(line)
