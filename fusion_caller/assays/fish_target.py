"""Which gene a FISH probe lies on, as the table's column `panel` or the result itself names it.

A laboratory may list all its FISH; what another gene's probe shows says nothing of KMT2A.
"""

from __future__ import annotations

import re
from enum import StrEnum

from fusion_caller.gene_names import symbols_for
from fusion_caller.knowledge import partners
from fusion_caller.knowledge.break_apart_probes import probe_named


class Target(StrEnum):
    """What a probe's name says of where it lies.

    SEVERAL is a set of probes: KMT2A's may be one of them, and a result need not be its own.
    """

    KMT2A = "kmt2a"
    SEVERAL = "several"
    OTHER = "other"
    UNKNOWN = "unknown"


# Genes and loci with probes of their own in the FISH of leukaemia and lymphoma, from memory. Some
# are rare partners of KMT2A, but a probe that bears their name alone is not one of KMT2A.
_LISTED = (
    "ABL ABL1 ABL2 BCR BCRABL BCRABL1 IGH IGK IGL MYC CMYC BCL1 BCL2 BCL3 BCL6 BIRC3 API2 MALT1 "
    "CCND1 CCND2 CCND3 CKS1B CDKN2A CDKN2B CDKN2C P16 ATM TP53 P53 RB1 DLEU DLEU1 DLEU2 D13S319 "
    "D13S25 LAMP1 MYB ETV6 RUNX1 AML1 RUNX1T1 ETO CBFB MYH11 PML RARA PMLRARA DEK NUP214 NUP98 "
    "MECOM EVI1 RPN1 GATA2 MNX1 HLXB9 KAT6A JAK2 PDGFRA PDGFRB FGFR1 FGFR3 MAF CMAF MAFB FIP1L1 "
    "CHIC2 CRLF2 P2RY8 EPOR TCF3 E2A PBX1 HLF TLX1 TLX3 TRA TRB TRD TRG TCRA TCRB LMO1 LMO2 TAL1 "
    "STIL IKZF1 PAX5 EBF1 ZNF384 MEF2D DUX4 TCL1A TCL1 ALK EGR1 D5S23 D7S486 D7S522 D20S108 CSF1R "
    "TERC TERT DUSP22 IRF4 TP63 CIITA ZBTB16 PLZF NPM1 GLIS2 NSD1 NSD2"
)
_OTHER_GENES = frozenset(_LISTED.split())
_KMT2A_WITHIN = re.compile(
    r"(?<![a-z0-9])(?:(?:KMT2A|MLL1?)r?|HRX|ALL-?1|HTRX1?|CXXC7)(?=x ?\d|[^a-z0-9]|$)",
    re.IGNORECASE,
)
_ITS_BAND = re.compile(r"(?<![\d.])11q23(?:\.3)?(?!\d)", re.IGNORECASE)
_BAND = re.compile(r"(?<![\w.])(?:\d{1,2}|X|Y)[pq]\d{1,2}(?:\.\d{1,3})?(?!\w)")
_ARM = re.compile(r"(?<![\w.])(?!11)(?:\d{1,2}|X|Y)[pq](?![\w'])")
_CONTROL = re.compile(
    r"(?<!\w)(?:CEP ?(?:\d{1,2}|X|Y)|D\d{1,2}Z\d|DXZ\d|DYZ\d)(?!\w)", re.IGNORECASE
)
# One with chromosome 11 may be what a laboratory calls its test of KMT2A after.
_CHANGE = re.compile(r"(?<!\w)(?:inv|t)\((?:(?![^()]*\b11\b)[^()]{1,12}|11;1[48])\)", re.IGNORECASE)
_OTHER_DISEASE = re.compile(
    r"\b(?:B?-?CLL|SLL|PCM|myeloma|plasma cells?|lymphomas?|DLBCL|MCL|burkitt|MDS|MPN|CML|APL|"
    r"sarcomas?)\b|\bMM\b",
    re.IGNORECASE,
)
_ACUTE = re.compile(r"\b(?:[BT]-?)?ALL\b(?!-?1\b)|\bAML\b|\b(?i:leuk[a-z]*|panel|screen|set)\b")
_SHAPE = re.compile(
    r"(?!(?:FISH|PROBE|LAB|KIT|SOP|LOT|REF|LP|XL|LSI|PANEL|SET|KBI)\d)[A-Z]{2,6}\d{1,2}[A-Z]?"
)
_WORD = re.compile(r"[A-Za-z0-9']+")
_PAIR = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Z0-9]{2,11})(?:::|--)([A-Z][A-Z0-9]{2,11})")
_WORDS = (
    "our probe probes break apart breakapart dual color colour single fish interphase metaphase "
    "locus specific lsi rearrangement nuclei cells in the of 5' 3' green red orange is end "
    "fusion d dc"
)
_GENERIC = frozenset(_WORDS.split())


def names_kmt2a(text: str) -> bool:
    """Whether a text names KMT2A by one of its names; its band alone is none of them."""
    return bool(_KMT2A_WITHIN.search(text))


def other_genes(text: str) -> tuple[str, ...]:
    """The genes of other FISH that a result names, in their order; none where it names KMT2A."""
    if names_kmt2a(text) or _ITS_BAND.search(text):
        return ()
    listed = [word for word in _WORD.findall(text) if word.upper() in _OTHER_GENES]
    pairs = [f"{a}::{b}" for a, b in _PAIR.findall(text) if not {a, b} & set(listed)]
    return tuple(dict.fromkeys([*listed, *pairs]))


def partners_named(text: str) -> tuple[str, ...]:
    """The known partners of KMT2A that a text names, as their symbols."""
    meant = (symbols_for(word) for word in _WORD.findall(text.upper()))
    return tuple(dict.fromkeys(s for symbols in meant for s in symbols if s in partners()))


def target_of(panel: str, *, dual_fusion: bool) -> Target:
    """Where a probe lies, by the name that the laboratory gives it; without a name on KMT2A.

    Args:
        panel: What the column `panel` says, tidied.
        dual_fusion: Whether it says that the probe lies on two genes.
    """
    named = panel.replace("_", " ")
    words = _WORD.findall(named)
    listed = [word for word in words if word.upper() in _OTHER_GENES]
    if names_kmt2a(named):
        partner_only = dual_fusion and len(listed) == len(partners_named(" ".join(listed)))
        return Target.SEVERAL if listed and not partner_only else Target.KMT2A
    known = partners_named(named)
    if dual_fusion and len(known) == 1 and not listed:
        return Target.KMT2A
    shaped = [word for word in words if _SHAPE.fullmatch(word) and not _CONTROL.fullmatch(word)]
    if listed or known or shaped:
        return Target.OTHER
    if _ITS_BAND.search(named):
        return Target.KMT2A
    if any(other.search(named) for other in (_BAND, _ARM, _CONTROL, _CHANGE, _OTHER_DISEASE)):
        return Target.OTHER
    if _ACUTE.search(named):
        return Target.SEVERAL
    plain = all(word.lower() in _GENERIC for word in words)
    return Target.KMT2A if plain or probe_named(named) else Target.UNKNOWN
