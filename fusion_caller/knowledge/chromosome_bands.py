"""The bands of each arm of a chromosome, without sub-bands.

A band that a karyotype names and that is not here is a slip of the pen. Sub-bands are not checked:
older nomenclature numbers some of them differently.
"""

from __future__ import annotations

from functools import cache

from fusion_caller.knowledge.packaged_rows import parts, rows_of

# ISCN writes the part of an arm at the centromere as p10 and q10.
_CENTROMERE = "10"


@cache
def chromosome_bands() -> dict[tuple[str, str], tuple[str, ...]]:
    """The bands, such as `23`, by chromosome and arm, from the centromere outwards."""
    return {
        (row["chromosome"], row["arm"]): parts(row["bands"])
        for row in rows_of("chromosome_bands.tsv")
    }


def missing_band(chromosome: str, arm: str, digits: str) -> str:
    """Say why a band is none, as `11q33 does not exist (11q ends at q25)`.

    Args:
        chromosome: Its name, `1` to `22`, `X` or `Y`.
        arm: `p` or `q`.
        digits: The band, `23.3` or cut short (`2`) where it is not known, or empty.

    Returns:
        An empty text where the band exists, or where the chromosome or the arm is not known.
    """
    bands = chromosome_bands().get((chromosome, arm), ())
    band = digits.partition(".")[0]
    if not bands or band == _CENTROMERE or any(known.startswith(band) for known in bands):
        return ""
    name = f"{chromosome}{arm}"
    if band > bands[-1]:
        return f"{name}{digits} does not exist ({name} ends at {arm}{bands[-1]})"
    nearest = max((known for known in bands if known < band), default="")
    beside = f"{arm}{nearest} is the last before it" if nearest else f"the first is {arm}{bands[0]}"
    return f"{name}{digits} does not exist ({beside})"
