"""How long a panel's PCR product across a junction is, and whether the panel can make it.

A junction is KMT2A's last exon kept, a MANE number on ENST00000534358, and the partner's first, a
number on its packaged transcript. RT-PCR amplifies it where KMT2A's primer stands on that exon or
before it, the partner's on that exon or behind it, and the product is not too long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.knowledge import KMT2A, PTD, Material, kmt2a_exons, partner_exons

if TYPE_CHECKING:
    from fusion_caller.knowledge import Panel, PanelTarget

# From memory: PCR primers have 18 bases or more, all of which lie on the exon.
SHORTEST_PRIMER_BP = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Amplicon:
    """Bounds of a product's length: where within its exon a primer stands is not known."""

    shortest_bp: int
    longest_bp: int


def amplicon_bp(member: PanelTarget, kmt2a_exon: int, partner_exon: int) -> Amplicon | None:
    """Bound the length of a target's RT-PCR product across a junction, both primers included.

    The exons between the primers count whole, the two that the primers stand on from a primer's
    length up to their own, so that the bounds are as far apart as these two exons are long.

    Args:
        member: The target, with the exons of both primers.
        kmt2a_exon: KMT2A's last exon before the junction.
        partner_exon: The partner's first exon behind the junction.

    Returns:
        The bounds; None where a primer's exon or an exon's length is not known, or where the
        junction does not lie between the primers.
    """
    forward, reverse = member.kmt2a_primer_exon, member.partner_primer_exon
    if forward is None or reverse is None or not _between(member, kmt2a_exon, partner_exon):
        return None
    five = [_exon_lengths(KMT2A).get(n) for n in range(forward, kmt2a_exon + 1)]
    three = [_exon_lengths(member.symbol).get(n) for n in range(partner_exon, reverse + 1)]
    lengths = [length for length in (*five, *three) if length is not None]
    if len(lengths) < len(five) + len(three):
        return None
    on_primers = (lengths[0], lengths[-1])
    return Amplicon(
        shortest_bp=sum(lengths)
        - sum(on_primers)
        + sum(min(SHORTEST_PRIMER_BP, exon) for exon in on_primers),
        longest_bp=sum(lengths),
    )


def amplifies(panel: Panel, symbol: str, kmt2a_exon: int, partner_exon: int | None) -> bool | None:
    """Whether a panel can amplify a junction; None where what is known does not tell.

    Args:
        panel: The panel.
        symbol: HGNC symbol of the partner, `PTD` for the partial tandem duplication.
        kmt2a_exon: KMT2A's last exon before the junction.
        partner_exon: The partner's first exon behind it; None where not known.
    """
    member = panel.member(symbol)
    if member is None:
        return False
    if panel.material is Material.DNA:
        return None  # its primers stand in introns, its products cross genomic breakpoints
    if not _between(member, kmt2a_exon, partner_exon):
        return False
    if partner_exon is None or None in (member.kmt2a_primer_exon, member.partner_primer_exon):
        return None
    product = amplicon_bp(member, kmt2a_exon, partner_exon)
    longest = panel.longest_product_bp
    if product is None or longest is None:
        return True if longest is None else None
    if product.shortest_bp > longest:
        return False
    return True if product.longest_bp <= longest else None


def _between(member: PanelTarget, kmt2a_exon: int, partner_exon: int | None) -> bool:
    """Whether a junction lies between the primers, as far as these are known."""
    forward, reverse = member.kmt2a_primer_exon, member.partner_primer_exon
    behind = reverse is not None and partner_exon is not None and partner_exon > reverse
    return not behind and (forward is None or kmt2a_exon >= forward)


def _exon_lengths(symbol: str) -> dict[int, int]:
    """The lengths in bases of a gene's exons by number; KMT2A's for `PTD` as well."""
    if symbol in (KMT2A, PTD):
        return {e.mane: e.end_grch38 - e.start_grch38 + 1 for e in kmt2a_exons()}
    return {e.number: e.end - e.start + 1 for e in partner_exons().get(symbol, ())}
