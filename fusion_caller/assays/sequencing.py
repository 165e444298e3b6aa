"""Sequencing reported in words: RNA sequencing done elsewhere, and breakpoints in the genome.

Neither is limited to certain partners. A break beside the gene parts the ends of a FISH probe and
makes no fusion of KMT2A.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.assays.fusion_reading import ANY_PARTNER, Limits, beside, read_molecular
from fusion_caller.assays.fusion_text import clauses, read_fusion_text
from fusion_caller.assays.sheet import LONGEST_RESULT, not_understood, tidy
from fusion_caller.records import Assay, AssayReading, Finding, Verdict

if TYPE_CHECKING:
    from fusion_caller.knowledge import Panel

EXPECTED = {
    Assay.RNA_SEQ: "fusion names such as KMT2A::AFF1 e8-e4, no KMT2A fusion, or not done",
    Assay.DNA_SEQ: (
        "fusion names such as KMT2A::USP2, positive, negative, breakpoint outside KMT2A, or not "
        "done"
    ),
}
_OUTSIDE = re.compile(
    r"(?:dna |genomic )?(?:break(?:point)?s? )?(?:is |lies |maps )?"
    r"(?:(?:about |~ ?)?\d{1,5}(?:\.\d{1,3})? ?[km]?bp? )?"
    r"(?:outside(?: of)?|beyond|(?:down|up)stream of|[35]' (?:of|to)|distal to|proximal to|"
    r"(?:telomeric|centromeric) (?:of|to)) (?:the )?(?:KMT2A|MLL)(?: gene)?\.?",
    re.IGNORECASE,
)


def read_sequencing(text: str, assay: Assay, *, panel: Panel | None = None) -> AssayReading:
    """Say which KMT2A fusions a sequencing report names.

    Args:
        text: What the laboratory wrote.
        assay: `RNA_SEQ` for RNA sequencing done elsewhere; `DNA_SEQ` for mate pairs, whole genomes,
            capture, inverse PCR, Southern blots and optical mapping, where a break beside KMT2A is
            NEGATIVE as BREAK_OUTSIDE_GENE.
        panel: A multiplex PCR of genomic breakpoints, which sees its own targets only.
    """
    limits = Limits(panel=panel.id, targets=panel.targets) if panel else ANY_PARTNER
    if assay is not Assay.DNA_SEQ or len(text) > LONGEST_RESULT:
        return read_molecular(text, assay, limits=limits, expected=EXPECTED[assay])
    said = clauses(tidy(text))
    outside = [clause for clause in said if _OUTSIDE.fullmatch(clause)]
    if not outside:
        return read_molecular(text, assay, limits=limits, expected=EXPECTED[assay])
    rest = "; ".join(clause for clause in said if clause not in outside)
    others = read_fusion_text(rest, assay)
    if rest and (others is None or any(fusion.found for fusion in others.fusions)):
        return not_understood(text, EXPECTED[assay])
    sentence = (
        "The break lies outside KMT2A and makes no fusion of it; as reported: "
        f"'{'; '.join(outside)}'."
    )
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.BREAK_OUTSIDE_GENE,
        sentence=" ".join([sentence, *beside(others)]),
    )
