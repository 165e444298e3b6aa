"""`kmt2a partner`: what is known of a partner gene, and which assays can see its fusion."""

from __future__ import annotations

import json

import click

from fusion_caller.gene_names import paralogues_of, symbols_for
from fusion_caller.knowledge import KMT2A, Partner, neighbours, panels, partners
from fusion_caller.records import Assay
from fusion_caller.visibility import blindness


def describe_partner(name: str) -> dict[str, object]:
    """Everything known of the gene that a name means, as plain values.

    An unknown or ambiguous name has only `input`, `symbols` and `note`.
    """
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


def _known(partner: Partner) -> dict[str, object]:
    names = (*partner.legacy_names, *partner.previous_symbols, *partner.aliases)
    symbol = partner.symbol
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
        "seen_by": {
            "rt-pcr": {
                panel.id: _seen(Assay.RT_PCR, symbol, panel.targets) for panel in panels().values()
            },
            "fish": _seen(Assay.FISH, symbol, None),
        },
    }


def _seen(assay: Assay, symbol: str, scope: tuple[str, ...] | None) -> str:
    blind = blindness(assay, partner=symbol, scope=scope)
    return f"no: {blind.sentence}" if blind else "yes"


def _lines(answer: dict[str, object], indent: int = 0) -> list[str]:
    lines = []
    for key, value in answer.items():
        label = f"{'  ' * indent}{key}: "
        if isinstance(value, dict):
            lines += [label.rstrip(), *_lines(value, indent + 1)]
        elif isinstance(value, list):
            lines.append(label + (", ".join(map(str, value)) or "none"))
        else:
            lines.append(label + ("not known" if value in (None, "") else str(value)))
    return lines


@click.command("partner")
@click.argument("names", metavar="SYMBOL...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a gene.")
def command(names: tuple[str, ...], *, as_json: bool) -> None:
    """Explain partner genes by any name in use: AFF1, AF4, MLLT4, ENL, SEPT6 and so on."""
    answers = [describe_partner(name) for name in names]
    if as_json:
        for answer in answers:
            click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_lines(answer)) for answer in answers))
