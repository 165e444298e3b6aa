"""`kmt2a partner`: what is known of a partner gene, and which assays can see its fusion."""

from __future__ import annotations

import json
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

import click

from fusion_caller.gene_names import paralogues_of, symbols_for
from fusion_caller.integrated import Reason
from fusion_caller.knowledge import (
    KMT2A,
    PTD,
    Material,
    Partner,
    caller_thresholds,
    neighbours,
    partners,
)
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import Assay, Source
from fusion_caller.visibility import Method, Rearrangement, sight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_caller.visibility import Sight

_WIDTH = 96


def describe_partner(name: str) -> dict[str, object]:
    """Everything known of the gene that a name means, as plain values.

    An unknown or ambiguous name has only `input`, `symbols` and `note`. `assays` holds, for every
    assay and the ways in which it is done, whether it sees the fusion, why, and what it shows.
    """
    if _means_ptd(name):
        return {
            "input": name,
            "symbols": [PTD],
            "note": "the partial tandem duplication within KMT2A, which has no partner",
            "assays": list(_assays(PTD)),
        }
    symbols = symbols_for(name)
    answer: dict[str, object] = {"input": name, "symbols": list(symbols)}
    if len(symbols) != 1:
        note = "the name is used for several genes" if symbols else "no known partner of KMT2A"
        return answer | {"note": note}
    symbol = symbols[0]
    if symbol == KMT2A:
        return answer | {"note": "this is KMT2A itself"}
    if symbol in neighbours():
        return answer | {
            "note": "a neighbour of KMT2A on 11q23: calls with it are flagged as read-through",
            "evidence": neighbours()[symbol].evidence,
        }
    if symbol not in partners():
        return answer | {"note": f"a near-identical copy of {paralogues_of(symbol)[0]}"}
    return answer | _known(partners()[symbol])


def _means_ptd(name: str) -> bool:
    from fusion_caller.errors import BadValueError
    from fusion_caller.gene_names import parse_fusion_name

    if name.strip().upper() == PTD:
        return True
    try:
        return parse_fusion_name(name).is_ptd
    except BadValueError:
        return False


def _known(partner: Partner) -> dict[str, object]:
    names = (*partner.legacy_names, *partner.previous_symbols, *partner.aliases)
    return {
        "hgnc_id": partner.hgnc_id,
        "other_names": list(dict.fromkeys(names)),
        "position_grch38": f"{partner.contig}:{partner.start}-{partner.end} ({partner.strand})",
        "band": f"{partner.contig.removeprefix('chr')}{partner.band}",
        "mechanism": partner.mechanism,
        "distance_to_kmt2a_bp": partner.distance_to_kmt2a_bp,
        "patients_in_dcal_series": partner.patients,
        "evidence": partner.evidence,
        "source": partner.source,
        "paralogues": list(paralogues_of(partner.symbol)),
        "assays": list(_assays(partner.symbol)),
    }


def _assays(symbol: str) -> Iterator[dict[str, object]]:
    """Whether each assay sees the fusion, in each way that it is done."""
    laboratory = Laboratory()
    change = Rearrangement(partner=symbol)

    def row(how: str, method: Method) -> dict[str, object]:
        return {"assay": method.assay, "how": how} | _seen(sight(change, method, laboratory))

    yield row("banding", Method(assay=Assay.KARYOTYPE))
    yield row("break-apart probe", Method(assay=Assay.FISH))
    if symbol != PTD:
        yield row(f"dual-fusion probe for {symbol}", Method(assay=Assay.FISH, scope=(symbol,)))
    for panel in laboratory.panels.values():
        assay = Assay.RT_PCR if panel.material is Material.RNA else Assay.DNA_SEQ
        yield row(f"panel {panel.id}", Method(assay=assay, scope=panel.targets, panel=panel))
    yield row("any caller", Method(assay=Assay.RNA_SEQ))
    if symbol == PTD:
        for caller, known in caller_thresholds().items():
            if known.within_gene is False:
                yield row(f"{caller} alone", Method(assay=Assay.RNA_SEQ, callers=(Source(caller),)))
    yield row("breakpoints in the genome", Method(assay=Assay.DNA_SEQ))


def _seen(seen: Sight) -> dict[str, object]:
    return {
        "seen": seen.seen,
        "reason": "" if seen.seen == "yes" else seen.reason or "",
        "why": seen.sentence,
        "shows": seen.shows,
    }


def _lines(answer: dict[str, object]) -> Iterator[str]:
    for key, value in answer.items():
        if key == "assays":
            continue
        if isinstance(value, list):
            shown = ", ".join(map(str, value)) or "none"
        else:
            shown = "not known" if value in (None, "") else str(value)
        yield f"{key}: {shown}"
    assays = answer.get("assays")
    if isinstance(assays, list):
        yield "which assays see it:"
        for item in _merged(assays):
            yield from _assay_lines(item)


def _merged(assays: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The panels that do not have the partner as one item."""
    for reason, group in groupby(assays, key=lambda item: item["reason"]):
        items = list(group)
        if reason != Reason.NOT_ON_PANEL or len(items) == 1:
            yield from items
            continue
        panels = ", ".join(item["how"].removeprefix("panel ") for item in items)
        yield {
            **items[0],
            "how": f"panels {panels}",
            "why": "It is not among their targets, so no primer pair could amplify it.",
        }


def _assay_lines(item: dict[str, str]) -> Iterator[str]:
    code = f" [{item['reason']}]" if item["reason"] else ""
    yield f"  {item['seen'].replace('_', ' '):<9} {item['assay']}, {item['how']}{code}"
    text = item["why"] + (f" Shows: {item['shows']}." if item["shows"] else "")
    yield textwrap.fill(text, _WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 12)


@click.command("partner")
@click.argument("names", metavar="SYMBOL...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a gene.")
def command(names: tuple[str, ...], *, as_json: bool) -> None:
    """Explain partner genes by any name in use: AFF1, AF4, MLLT4, ENL, SEPT6, PTD and so on.

    Says for every assay whether it sees the fusion and why: yes, perhaps, no, or not known.
    """
    answers = [describe_partner(name) for name in names]
    if as_json:
        for answer in answers:
            click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_lines(answer)) for answer in answers))
