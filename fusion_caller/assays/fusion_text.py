"""The fusions that a molecular report names, each with its verdict, its exons and its quantity.

RT-PCR and sequencing are reported in the same words. A text is read as a whole or not at all: a
part that is neither a gene, a verdict, an exon, a quantity nor a known harmless word may change the
meaning of the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fusion_caller.assays.fusion_details import (
    NO_DETAILS,
    Details,
    is_remark,
    says_missed,
    spell_out,
    take_details,
)
from fusion_caller.assays.sheet import without_unknown_partner
from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import is_known, parse_fusion_name, resolve, symbols_for
from fusion_caller.knowledge import KMT2A, PTD
from fusion_caller.records import Assay

LONGEST_NAME = 60

_NOT_FOUND = (
    r"not detected|not found|undetect(?:ed|able)|negative|neg|absent|germline|none|not|no|without"
)
_FOUND = r"positive|pos|detected|present|found|confirmed|verified|rearranged|rearrangement"
_VERDICT = re.compile(rf"\b(?:(?P<no>{_NOT_FOUND})|(?P<yes>{_FOUND}))\b", re.IGNORECASE)
_PLUS = re.compile(r"^\+|\(\+\)$|\+$")
_MINUS = re.compile(r"\(-\)$|(?<= )-$")
_METHODS = (
    r"(?:q|rq-|rt-q|qrt-)?(?:rt-?)?pcr|ldi-pcr|nested|multiplex|split|real-time|sanger|"
    r"sequenc(?:ing|ed)|(?:targeted |total |whole )?[rd]na(?:-?seq(?:uencing)?)?|cdna|mrna|"
    r"archer|fusionplex|ngs|mps|wgs|wts|targeted|panel|whole|genomes?|transcriptomes?|"
    r"mate-?pairs?|long-read|long-distance|inverse|anchored|capture|optical|mapping|ogm|"
    r"southern|blot|manual(?:ly)?|analysis|assay|test|result|reported"
)
_NOISE = re.compile(
    # The rearrangement beside the fusion's name.
    r"\b(?:t|inv|ins|del|dup|der)\([^()]{1,20}\)(?:\([^()]{1,40}\))?"
    # Where the partner lies.
    r"|\( ?(?:\d{1,2}|[XY])[pq]\d{1,2}(?:\.\d{1,3})? ?\)"
    r"|\b(?:in-frame|fusions?|transcripts?|gene|evidence|of|for|by|in|with|via|interstitial|ratio|"
    rf"{_METHODS})\b(?![-'])",
    re.IGNORECASE,
)
_RNA_METHODS = r"rna-?seq(?:uencing)?|archer|fusionplex|transcriptomes?|wts"
_DNA_METHODS = (
    r"dna-?seq(?:uencing)?|wgs|genomes?|mate-?pairs?|southern|ogm|optical|ldi-pcr|inverse"
)
_SEQUENCING = rf"\b(?:{_RNA_METHODS}|{_DNA_METHODS}|ngs|mps)\b"
# A method that is not the row's own: its result belongs into a row of its own.
_FOREIGN = {
    Assay.RT_PCR: re.compile(_SEQUENCING, re.IGNORECASE),
    Assay.RNA_SEQ: re.compile(rf"\b(?:{_DNA_METHODS})\b", re.IGNORECASE),
    Assay.DNA_SEQ: re.compile(rf"\b(?:{_RNA_METHODS}|rna)\b", re.IGNORECASE),
}
# RT-PCR may confirm what sequencing found; where it does not, the finding of sequencing stands.
_CONFIRMING = re.compile(r"\b(?:(?:q|rq-|rt-?q|q?rt-?)pcr|nested|sanger)\b", re.IGNORECASE)
# The laboratory did not quite decide; its own verdict beside few reads decides.
_WEAK_WORDS = (
    r"(?:weak(?:ly)?|faint(?:ly)?)(?: positive| pos| band| signal)?|borderline|equivocal|"
    r"indeterminate|inconclusive"
)
_WEAK = re.compile(rf"\(? ?\b(?P<said>{_WEAK_WORDS})\b ?\)?", re.IGNORECASE)
_WEAK_BEHIND = re.compile(rf",(?= ?(?:{_WEAK_WORDS}) ?(?:,|$))", re.IGNORECASE)
_FEW_READS = re.compile(
    r"[,(]? ?\b(?:(?:very )?(?:low|few)(?: (?:supporting|split|level))?(?: of)?"
    r" (?:reads?(?: counts?| support| depth)?|support|coverage|counts?))\b ?\)?",
    re.IGNORECASE,
)
_NO_PARTNER = re.compile(
    r"(?P<behind>(?:KMT2A|MLL) ?(?:::|--|[-/]) ?(?:\?|unknown))|"
    r"(?:\?|unknown) ?(?:::|--|[-/]) ?(?:KMT2A|MLL)",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r"[(\[][\s,:]{0,20}[)\]]")
_SYMBOL = r"[A-Z][A-Z0-9]{2,11}"
_TWO_SYMBOLS = re.compile(rf"{_SYMBOL} ?(?:::|--|->|[-/_]) ?{_SYMBOL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFusion:
    """One fusion that a result names.

    `symbols` are the partners that the name can mean, none where it means any fusion of KMT2A;
    `other` is the name of a fusion without KMT2A; `found` is None where the text gives no verdict.
    `doubt` is what the laboratory calls a finding that it did not quite decide on.
    """

    symbols: tuple[str, ...] = ()
    found: bool | None = None
    reciprocal: bool = False
    other: str = ""
    details: Details = NO_DETAILS
    doubt: str = ""

    def __str__(self) -> str:
        if self.other:
            return self.other
        partner = " or ".join(self.symbols) or "?"
        if partner == PTD:
            return "KMT2A-PTD"
        return f"{partner}::{KMT2A}" if self.reciprocal else f"{KMT2A}::{partner}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionText:
    """What a report names: fusions of KMT2A, other ones, and what else it says of other genes.

    A name without a verdict counts as found.
    """

    fusions: tuple[NamedFusion, ...]
    others: tuple[NamedFusion, ...] = ()
    remarks: tuple[str, ...] = ()


def read_fusion_text(text: str, assay: Assay = Assay.RT_PCR) -> FusionText | None:
    """Read the fusions of a report; None if it cannot be read as a whole.

    A name without a verdict counts as found, unless another name in the same text is negative:
    then it is open what the laboratory meant, and the text is not understood.

    Args:
        text: What the laboratory wrote, tidied (`assays.sheet.tidy`).
        assay: `RT_PCR`, `RNA_SEQ` or `DNA_SEQ`; a text that names a method of another kind is not
            understood, but for a confirmation of sequencing by PCR.
    """
    if _FOREIGN[assay].search(text):
        return None
    few = ", ".join(match[0].strip(" ,()") for match in _FEW_READS.finditer(text))
    text = _FEW_READS.sub(" ", text)
    read = _read_clauses(without_unknown_partner(text), assay)
    if read is None:
        return None
    named, remarks = read
    ours = [fusion for fusion in named if not fusion.other]
    # What one analysis missed is there, so that the rest must say what it is.
    unexplained = any(map(says_missed, remarks)) and all(fusion.found is False for fusion in ours)
    if not named or _contradictory(ours) or unexplained:
        return None
    if few:
        # Too few reads to have found anything make no negative.
        if any(fusion.found is False for fusion in ours):
            return None
        ours = [fusion if fusion.found else replace(fusion, doubt=few) for fusion in ours]
        remarks += [few] if any(not fusion.doubt for fusion in ours) else []
    return FusionText(
        fusions=tuple(replace(fusion, found=fusion.found is not False) for fusion in ours),
        others=tuple(fusion for fusion in named if fusion.other and fusion.found is not False),
        remarks=tuple(remarks),
    )


def _read_clauses(text: str, assay: Assay) -> tuple[list[NamedFusion], list[str]] | None:
    """The fusions that all clauses name, and what they say beside them."""
    named: list[NamedFusion] = []
    remarks: list[str] = []
    for clause in clauses(text):
        if is_remark(clause):
            remarks.append(clause)
            continue
        fusions = _read_clause(clause)
        if fusions is None or _denied_elsewhere(clause, fusions, assay):
            return None
        for fusion in fusions:
            if fusion.symbols or fusion.other or fusion.found is not None:
                named.append(fusion)
            elif named and named[-1].symbols and named[-1].found is not False:
                # Exons alone belong to the fusion before them.
                named[-1] = replace(named[-1], details=named[-1].details + fusion.details)
            else:
                return None
    return named, remarks


def _denied_elsewhere(clause: str, fusions: list[NamedFusion], assay: Assay) -> bool:
    """Whether sequencing is reported together with a PCR that did not confirm it."""
    denied = any(fusion.found is False for fusion in fusions)
    return denied and assay is not Assay.RT_PCR and bool(_CONFIRMING.search(clause))


def _contradictory(ours: list[NamedFusion]) -> bool:
    absent = {str(fusion) for fusion in ours if fusion.found is False}
    found = {str(fusion) for fusion in ours if fusion.found}
    open_ones = any(fusion.found is None for fusion in ours)
    both = found & absent or (found and str(NamedFusion()) in absent)
    return bool(both or (absent and open_ones))


def clauses(text: str) -> list[str]:
    """Split a text at semicolons, but not at that of `t(4;11)`."""
    return [part.strip() for part in re.split(r";(?![^()]{0,20}\))", text) if part.strip()]


def _read_clause(clause: str) -> list[NamedFusion] | None:
    """Read names with commas between them; a verdict before or behind them all holds for each."""
    # The comma of 10,000 copies parts no names.
    split = re.split(r",(?!\d{3}(?!\d))| and | & ", _WEAK_BEHIND.sub(" ", clause))
    pieces = [piece.strip() for piece in split if piece.strip()]
    fusions = []
    for piece in pieces:
        fusion = _read_piece(piece)
        if fusion is None:
            return None
        fusions.append(fusion)
    said = [number for number, fusion in enumerate(fusions) if fusion.found is not None]
    if len(said) == 1 and len(fusions) > 1 and not fusions[said[0]].details.amounts:
        first, last = _VERDICT.match(pieces[0]), fusions[-1].found is not None
        behind_last = last and not _VERDICT.match(pieces[-1])
        if (said == [0] and first) or behind_last:
            return [replace(fusion, found=fusions[said[0]].found) for fusion in fusions]
    return fusions


def _read_piece(piece: str) -> NamedFusion | None:
    """Read one name with its verdict, which may be a doubtful one."""
    weak = _WEAK.search(piece)
    if weak is None:
        return _read_decided(piece)
    fusion = _read_decided(_WEAK.sub(" ", piece).strip())
    if fusion is None or fusion.found is False:
        return None
    return replace(fusion, found=True, doubt=weak["said"])


def _read_decided(piece: str) -> NamedFusion | None:
    """Read one name with its verdict; None if it contradicts itself or names no gene."""
    rest, details = take_details(spell_out(piece))
    words = [match.group().lower() for match in _VERDICT.finditer(rest)]
    no = bool(_MINUS.search(rest)) or any(re.fullmatch(_NOT_FOUND, word) for word in words)
    positive = bool(_PLUS.search(rest)) or not {"positive", "pos"}.isdisjoint(words)
    found = bool(words) and not no
    if (no and (positive or details.something)) or (details.nothing and (found or positive)):
        return None
    if details.nothing and details.something:
        return None
    name = _NOISE.sub(" ", _VERDICT.sub(" ", _MINUS.sub("", _PLUS.sub("", rest))))
    name = " ".join(_EMPTY_BRACKETS.sub(" ", name).split()).strip(" :=.,")
    # A hyphen that is left over may be a verdict or a slip.
    stray = name.startswith("-") or (name.endswith("-") and not words)
    if stray or len(name) > LONGEST_NAME:
        return None
    fusion = _fusion(name)
    if fusion is None:
        return None
    fusion = replace(fusion, details=details)
    if no or positive or words:
        return replace(fusion, found=not no)
    if name and not (fusion.symbols or fusion.other or fusion.found):
        return None  # the gene's name alone says nothing
    if details.amounts:
        return replace(fusion, found=details.something)
    return fusion if name or details.junctions else None


def _fusion(name: str) -> NamedFusion | None:
    """What a name means: a fusion of KMT2A, a partner alone, KMT2A alone, or another fusion."""
    if re.fullmatch(r"(?:KMT2A|MLL) ?-?r", name):
        return NamedFusion(found=True)
    unnamed = _NO_PARTNER.fullmatch(name)
    if unnamed:
        return NamedFusion(found=True, reciprocal=not unnamed["behind"])
    if not name or resolve(name) == KMT2A:
        return NamedFusion()
    try:
        fusion = parse_fusion_name(name)
    except BadValueError:
        symbols = symbols_for(name)
        if symbols:
            return NamedFusion(symbols=symbols)
        return NamedFusion(other=name) if _TWO_SYMBOLS.fullmatch(name) else None
    reciprocal = fusion.gene_3prime == KMT2A and not fusion.is_ptd
    if fusion.is_ptd or is_known(fusion.partner):
        symbols = (PTD,) if fusion.is_ptd else symbols_for(fusion.partner)
        return NamedFusion(symbols=symbols, reciprocal=reciprocal)
    if _TWO_SYMBOLS.fullmatch(name):
        return NamedFusion(symbols=(fusion.partner,), reciprocal=reciprocal)
    return None
