"""Calls and their fragments as the lines of SAM, BED and FASTA, for a genome browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion_caller.reads.pileup import Pileup, Placed, PlacedFragment


def sam_lines(numbered: Iterable[tuple[int, Pileup]]) -> Iterator[str]:
    """Calls as SAM: a header, then the reads sorted by place, without a name of a person in them.

    A fragment is called by the number of its call and its own in it; bases have no qualities, and
    255 says that other places were not looked at (SAM specification 1.6, section 1.4). Of copies
    all but one are marked as duplicates.
    """
    every = list(numbered)
    yield "@HD\tVN:1.6\tSO:coordinate\n"
    for number, pileup in every:
        yield f"@SQ\tSN:{pileup.contig.name(number)}\tLN:{len(pileup.contig.sequence)}\n"
    for number, pileup in every:
        name = pileup.contig.name(number)
        rows = [
            row
            for place, fragment in enumerate(pileup.fragments, 1)
            for row in _sam_rows(fragment, f"call{number}.fragment{place}", name, pileup)
        ]
        yield from (line for _, line in sorted(rows, key=lambda row: row[0]))


_PAIRED, _PROPER, _UNMAPPED, _MATE_UNMAPPED = 0x1, 0x2, 0x4, 0x8
_REVERSE, _MATE_REVERSE, _FIRST, _LAST, _DUPLICATE = 0x10, 0x20, 0x40, 0x80, 0x400
_UNKNOWN_QUALITY = 255


def _sam_rows(
    fragment: PlacedFragment, name: str, contig: str, pileup: Pileup
) -> Iterator[tuple[int, str]]:
    """The lines of one fragment with their places; an unplaced read stands where its mate does."""
    here = fragment.on_contig
    paired = len(fragment.reads) > 1
    for side, read in enumerate(fragment.reads):
        placed = fragment.placed[side]
        mate = fragment.placed[1 - side] if paired else None
        flag = _DUPLICATE * fragment.copy
        if paired:
            flag |= _PAIRED | (_LAST if side else _FIRST) | _PROPER * fragment.is_proper
            flag |= _MATE_UNMAPPED if mate is None else _MATE_REVERSE * mate.reverse
        flag |= _UNMAPPED if placed is None else _REVERSE * placed.reverse
        at = placed or here[0]
        fields = [
            name,
            str(flag),
            contig,
            str(at.start + 1),
            str(_UNKNOWN_QUALITY if placed else 0),
            _cigar(placed) if placed else "*",
            "=" if paired else "*",
            str((mate or at).start + 1) if paired else "0",
            str(_template_length(fragment, side)),
            (placed.sequence if placed else read).decode(),
            "*",
        ]
        if placed:
            fields.append(f"NM:i:{sum(1 for _ in placed.mismatches(pileup.contig.sequence))}")
        if mate is not None:
            fields.append(f"MC:Z:{_cigar(mate)}")
        yield at.start, "\t".join(fields) + "\n"


def _cigar(placed: Placed) -> str:
    before, behind = placed.clipped
    parts = ((before, "S"), (placed.end - placed.start, "M"), (behind, "S"))
    return "".join(f"{n}{kind}" for n, kind in parts if n)


def _template_length(fragment: PlacedFragment, side: int) -> int:
    """From the leftmost to the rightmost base of a pair, negative for the read at the right."""
    here = fragment.on_contig
    if len(here) < 2:  # noqa: PLR2004
        return 0
    length = max(read.end for read in here) - here[0].start
    return length if fragment.placed[side] is here[0] else -length


def bed_lines(numbered: Iterable[tuple[int, Pileup]]) -> Iterator[str]:
    """Exons and joins of calls as BED; a join is the bases on both sides of it."""
    for number, pileup in numbered:
        contig = pileup.contig
        name = contig.name(number)
        for part in contig.features:
            said = f"{part.gene} {part.label}".strip() or "of neither gene"
            yield f"{name}\t{part.start}\t{part.end}\t{said}\t0\t+\n"
        yield f"{name}\t{contig.join - 1}\t{contig.join + 1}\tjoin\t0\t+\n"


_WIDTH = 60


def fasta_lines(numbered: Iterable[tuple[int, Pileup]]) -> Iterator[str]:
    """The fused transcripts of calls as FASTA."""
    for number, pileup in numbered:
        sequence = pileup.contig.sequence.decode()
        yield f">{pileup.contig.name(number)}\n"
        yield from (f"{sequence[at : at + _WIDTH]}\n" for at in range(0, len(sequence), _WIDTH))
