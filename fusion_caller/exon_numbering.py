"""Exon numbers that a laboratory wrote, held against a junction in the three numberings of KMT2A.

A laboratory seldom says which numbering it uses, and the same junction is e7, e8 or e5 by it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.knowledge import kmt2a_exons

if TYPE_CHECKING:
    from collections.abc import Iterable

_KMT2A_END = re.compile(r"e(\d{1,2})-")
NUMBERINGS = {
    "mane": "MANE's numbering (36 exons)",
    "nilson": "the numbering of Nilson and Meyer (37 exons)",
    "legacy": "the breakpoint-region numbering of the 1990s",
}


def numberings_that_fit(written: int, mane_exons: Iterable[int]) -> tuple[str, ...]:
    """The numberings by which an exon as written is one of those found.

    Args:
        written: The number of KMT2A's last exon before the junction, as the laboratory wrote it.
        mane_exons: Those of the junctions found, MANE numbers on ENST00000534358.

    Returns:
        Attribute names of `Kmt2aExon`: `mane`, `nilson`, `legacy`; none where no numbering fits.
    """
    found = [exon for exon in kmt2a_exons() if exon.mane in set(mane_exons)]
    return tuple(
        name for name in NUMBERINGS if any(getattr(exon, name) == written for exon in found)
    )


def about_junctions(junctions: Iterable[str], mane_exons: Iterable[int]) -> str:
    """Say how the exons that a laboratory wrote agree with those that RNA-seq found.

    Args:
        junctions: As written, `e8-e2`; those that name an intron are passed over.
        mane_exons: KMT2A's last exons of the junctions found by RNA-seq, MANE numbers.

    Returns:
        One sentence for each junction, with a blank in front; nothing where RNA-seq found none.
    """
    found = sorted(set(mane_exons))
    if not found:
        return ""
    said = []
    for junction in junctions:
        match = _KMT2A_END.match(junction)
        if match is None:
            continue
        fits = numberings_that_fit(int(match[1]), found)
        shown = ", ".join(f"e{number}" for number in found)
        if "mane" in fits:
            said.append(f" {junction} is a junction of RNA-seq by MANE numbers.")
        elif fits:
            said.append(
                f" {junction} is a junction of RNA-seq (MANE {shown}) if it was written in "
                f"{NUMBERINGS[fits[0]]}."
            )
        else:
            said.append(
                f" {junction} is none of RNA-seq's junctions (MANE {shown}) in any of the three "
                "numberings: another isoform, or another transcript."
            )
    return "".join(said)
