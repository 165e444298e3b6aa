"""What banding sees: how much of which chromosome moves, against the resolution of the bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.contigs import Build, length_of
from fusion_caller.integrated import Reason
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import PTD, Mechanism, kmt2a_exons, partners
from fusion_caller.visibility import next_tests
from fusion_caller.visibility.sights import Rearrangement, Seen, Sight

if TYPE_CHECKING:
    from fusion_caller.knowledge import Partner

_SETTLED = (next_tests.BREAK_APART, next_tests.RNA_SEQ, next_tests.BREAKPOINT)


def see_karyotype(change: Rearrangement, *, resolution_bp: int) -> Sight:
    """Whether a karyotype shows a rearrangement; it never names the gene.

    Args:
        change: What there is to be seen.
        resolution_bp: The smallest piece that banding shows.
    """
    if change.partner == PTD:
        return Sight(
            seen=Seen.NO,
            reason=Reason.PTD_NOT_VISIBLE,
            sentence="A partial tandem duplication of a few exons is far below band resolution.",
            next_tests=(next_tests.PTD_JUNCTION, next_tests.RNA_SEQ, next_tests.BREAKPOINT),
        )
    gene = partners().get(change.partner)
    if gene is None:
        return _cryptic(
            Seen.PERHAPS,
            "KMT2A is rearranged by an exchange of segments that banding can miss",
            "a break at 11q23.3",
        )
    if gene.mechanism is Mechanism.TRANSLOCATION:
        return _translocation(gene, resolution_bp)
    if gene.mechanism is Mechanism.INSERTION_OR_INVERSION:
        return _cryptic(
            Seen.PERHAPS,
            f"KMT2A and {gene.symbol} are joined by an insertion or a complex exchange, whose "
            "pieces can be far below band resolution",
            f"ins or a complex rearrangement of 11q23.3 and {_band(gene)}",
        )
    return _within_11(gene, resolution_bp)


def _within_11(gene: Partner, resolution_bp: int) -> Sight:
    distance = gene.distance_to_kmt2a_bp or 0
    what = {
        Mechanism.INVERSION: "an inversion",
        Mechanism.INTERSTITIAL_DELETION: "a deletion",
    }.get(gene.mechanism, "a duplication or insertion")
    # Half of what banding resolves goes unseen within one arm, where nothing else changes.
    small = distance < resolution_bp / 2
    return _cryptic(
        Seen.NO if small else Seen.PERHAPS,
        f"KMT2A and {gene.symbol} are joined by {what} of {distance / 1e6:.2f} Mb",
        f"{what} within 11q23.3" if small else f"{what} between {_band(gene)} and 11q23.3",
        ending=f"far below the {resolution_bp / 1e6:g} Mb that banding resolves" if small else "",
    )


def _translocation(gene: Partner, resolution_bp: int) -> Sight:
    """The pieces that change places: from 11q23.3 and from the partner to their telomeres."""
    end_of_11 = length_of(CONTIG, Build.GRCH38) or 0
    from_11 = end_of_11 - kmt2a_exons()[-1].end_grch38
    length = length_of(gene.contig, Build.GRCH38) or 0
    from_partner = gene.start if gene.band.startswith("p") else length - gene.end
    arm = f"{gene.contig.removeprefix('chr')}{gene.band[0]}"
    exchange = (
        f"KMT2A and {gene.symbol} are joined by an exchange of the last {from_11 / 1e6:.1f} Mb of "
        f"11q and the last {from_partner / 1e6:.1f} Mb of {arm}"
    )
    small = from_partner < resolution_bp
    return _cryptic(
        Seen.PERHAPS if small else Seen.YES,
        exchange,
        f"t({_ordered(gene)}) with breaks at {_band(gene)} and 11q23.3",
        ending=f"the smaller of which is under the {resolution_bp / 1e6:g} Mb that banding resolves"
        if small
        else "which good metaphases show, and poor or few ones of the leukaemic clone can miss",
    )


def _cryptic(seen: Seen, how: str, shows: str, *, ending: str = "") -> Sight:
    return Sight(
        seen=seen,
        reason=Reason.CRYPTIC_KARYOTYPE,
        sentence=f"{how}{', ' if ending else ''}{ending}.",
        shows=shows,
        next_tests=_SETTLED,
    )


def _band(gene: Partner) -> str:
    return f"{gene.contig.removeprefix('chr')}{gene.band}"


def _ordered(gene: Partner) -> str:
    """Chromosomes in ISCN's order: X and Y first, then by number."""
    other = gene.contig.removeprefix("chr")
    first = other in ("X", "Y") or int(other) < 11  # noqa: PLR2004 - chromosome 11
    return f"{other};11" if first else f"11;{other}"
