"""`kmt2a panel`: the RT-PCR panels that are known, the targets of one, a template for one's own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fusion_caller.assays.panel_table import panel_template, read_panels
from fusion_caller.knowledge import Evidence, Panel, PanelTarget, panels

_NESTED = {True: "nested", False: "not nested", None: "whether nested is not known"}


def _as_values(panel: Panel) -> dict[str, object]:
    return {
        "panel": panel.id,
        "name": panel.name,
        "material": panel.material,
        "nested": panel.nested,
        "longest_product_bp": panel.longest_product_bp,
        "targets": list(panel.targets),
        "targets_from_memory": list(panel.from_memory),
        "primers": [
            {
                "target": member.symbol,
                "kmt2a_primer_exon": member.kmt2a_primer_exon,
                "partner_primer_exon": member.partner_primer_exon,
                "evidence": member.primer_evidence,
            }
            for member in panel.members
            if _has_primer(member)
        ],
        "source": panel.source,
    }


def _as_lines(panel: Panel) -> list[str]:
    longest = panel.longest_product_bp
    product = f"products up to {longest:,} bp" if longest else "longest product not known"
    lines = [
        f"{panel.id}: {panel.name}",
        f"  {panel.material.upper()}, {_NESTED[panel.nested]}, {product}",
        f"  targets: {', '.join(panel.targets)}",
    ]
    if panel.from_memory:
        lines.append(f"  from memory, not yet sourced: {', '.join(panel.from_memory)}")
    placed: dict[str, list[str]] = {}
    for member in panel.members:
        placed.setdefault(_primers(member), []).append(member.symbol)
    if len(placed) == 1:
        lines.append(f"  primers: {next(iter(placed))}")
    else:
        lines += [f"  primers of {', '.join(names)}: {where}" for where, names in placed.items()]
    return [*lines, f"  source: {panel.source}"]


def _has_primer(member: PanelTarget) -> bool:
    return (member.kmt2a_primer_exon, member.partner_primer_exon) != (None, None)


def _primers(member: PanelTarget) -> str:
    """Where the primers of a target stand; exons are MANE numbers."""
    if not _has_primer(member):
        return "not known"
    forward, reverse = member.kmt2a_primer_exon, member.partner_primer_exon
    sites = [
        f"KMT2A exon {forward} (MANE)" if forward else "KMT2A exon not known",
        f"partner exon {reverse} (MANE)" if reverse else "partner exon not known",
    ]
    memory = "; from memory" if member.primer_evidence is Evidence.MEMORY else ""
    return f"{', '.join(sites)}{memory}"


@click.command("panel")
@click.argument("name", required=False)
@click.option(
    "--panels",
    "own",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your laboratory's own panels; shown alone where no NAME is given.",
)
@click.option("--template", is_flag=True, help="Print a table to fill in with your own panels.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a panel.")
def command(name: str | None, *, own: Path | None, template: bool, as_json: bool) -> None:
    """List the RT-PCR panels, or show the targets of the panel NAME."""
    if template:
        if name is not None or own is not None or as_json:
            raise click.UsageError("give --template alone")
        click.echo(panel_template(), nl=False)
        return
    given = read_panels(own, name=str(own)) if own else {}
    known = {**panels(), **given}
    if name is not None and name not in known:
        raise click.UsageError(f"unknown panel '{name}', expected one of {', '.join(known)}")
    chosen = [known[name]] if name else list((given if own else known).values())
    for panel in chosen:
        if as_json:
            click.echo(json.dumps(_as_values(panel), ensure_ascii=False))
        else:
            click.echo("\n".join(_as_lines(panel)))
