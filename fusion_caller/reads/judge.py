"""Candidates to calls, each with its confidence and the reasons; the rest with why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.events import PTD_FIRST_EXONS, PTD_LAST_EXONS
from fusion_caller.kmt2a_gene import OUTSIDE, region_of
from fusion_caller.knowledge import KMT2A
from fusion_caller.reads.index import Kind
from fusion_caller.reads.joins import Side
from fusion_caller.reads.pieces import share_alike
from fusion_caller.records import NO_GENE

if TYPE_CHECKING:
    from fusion_caller.reads.candidates import Candidate
    from fusion_caller.reads.index import ReadIndex

# The shortest pieces, in bases, by which one read alone may show a join.
_KMT2A_PIECE = 16
_PARTNER_PIECE = 14
# Any gene has so many bases of KMT2A in a row by chance, or by being related, if fewer.
_KMT2A_PIECE_UNKNOWN = 30
_WITHIN_EXON_PIECE = 20
_SURELY_KMT2A = 0.95
_MOST_OFF_KMT2A = 4
# Of twenty bases or more so many are KMT2A's own by chance in one of seventy sequences.
_LIKE_KMT2A = 0.5
# Where nothing but reads speaks for a join, so many distinct fragments are asked for.
_FRAGMENTS_WITHIN_EXON = 3
_FRAGMENTS_ELSEWHERE = 3
_FRAGMENTS_OFF_EDGES = 5
_FRAGMENTS_BACK_SPLICED = 5
_FRAGMENTS_AROUND_ONLY = 3
_FRAGMENTS_UNKNOWN_5PRIME = 2
_HIGH_FRAGMENTS, _MEDIUM_FRAGMENTS = 3, 2
_LONG_PIECE = 20
_BCR1 = "bcr1"
# As sequencers write it where they see nothing.
_LONG_RUN = re.compile(rb"([ACGTN])\1{5}|N")
_PYRIMIDINES = b"CT"
_TRACT = slice(-18, -3)
_TRACT_SHARE = 0.7


class Confidence(StrEnum):
    """How sure a call is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate and what it amounts to.

    Attributes:
        candidate: The candidate.
        gene_5prime: KMT2A, a partner, or `?`.
        gene_3prime: The same.
        confidence: None where it is no call.
        reasons: What speaks for it and what against; for what is no call why not.
    """

    candidate: Candidate
    gene_5prime: str
    gene_3prime: str
    confidence: Confidence | None
    reasons: tuple[str, ...]

    @property
    def name(self) -> str:
        """`KMT2A::MLLT3`."""
        return f"{self.gene_5prime}::{self.gene_3prime}"


def is_ptd(candidate: Candidate, index: ReadIndex) -> bool:
    """Whether a join is that of a partial tandem duplication of KMT2A."""
    if candidate.base_3prime is None or not candidate.at_edge:
        return False
    last, first = index.exon_at(candidate.base), index.exon_at(candidate.base_3prime)
    return last in PTD_LAST_EXONS and first in PTD_FIRST_EXONS


def judge(candidate: Candidate, index: ReadIndex, *, has_ptd: bool) -> Judged:
    """Decide on one candidate.

    Args:
        candidate: The candidate.
        index: The index that it was found by.
        has_ptd: Whether a tandem duplication of KMT2A was seen in the sample.
    """
    partner = candidate.entry.symbol if candidate.entry and candidate.is_named else NO_GENE
    genes = {
        Side.FIVE_PRIME: (KMT2A, partner),
        Side.THREE_PRIME: (partner, KMT2A),
        Side.BOTH: (KMT2A, KMT2A),
    }[candidate.side]
    against = _against(candidate, index, has_ptd=has_ptd)
    return Judged(
        candidate=candidate,
        gene_5prime=genes[0],
        gene_3prime=genes[1],
        confidence=None if against else _confidence(candidate, index),
        reasons=(against,) if against else tuple(_reasons(candidate, index)),
    )


def _against(candidate: Candidate, index: ReadIndex, *, has_ptd: bool) -> str:
    """Why a candidate is no call; nothing where it is one."""
    if candidate.placed is not None and candidate.placed.against:
        return candidate.placed.against
    if not candidate.seen:
        return _against_around(candidate, index)
    if candidate.longest_kmt2a < _KMT2A_PIECE and not (candidate.is_named and candidate.mates_fit):
        return f"fewer than {_KMT2A_PIECE} bases of KMT2A in every read"
    if candidate.longest_beside < _PARTNER_PIECE:
        return f"fewer than {_PARTNER_PIECE} bases beside KMT2A in every read"
    if candidate.side is Side.BOTH:
        return _against_within(candidate, index, has_ptd=has_ptd)
    if candidate.has_known_partner and not candidate.is_off_edges:
        return _against_known(candidate, index)
    return _against_unknown(candidate, index)


def _against_known(candidate: Candidate, index: ReadIndex) -> str:
    """Why few fragments do not suffice beside a known partner: a change of template looks so."""
    n = min(len(candidate.fragments), candidate.n_places)
    # A partner's end as it was published is beside KMT2A by no chance.
    if candidate.entry in index.entries and (candidate.at_edge or len(candidate.fragments) > 1):
        return ""
    if len(candidate.fragments) == 1 and (why := _against_off_genes_edge(candidate)):
        return why
    exon = index.exon_at(candidate.base)
    region = region_of(exon, kept_5prime=candidate.side is Side.FIVE_PRIME)
    least = 1 if candidate.at_edge else _FRAGMENTS_WITHIN_EXON - 1
    if region == OUTSIDE and n <= least:
        return f"{_fragments(n)} with a break at exon {exon}, where no known fusion breaks"
    off_edge = not candidate.at_edge or _against_off_genes_edge(candidate) != ""
    if region != _BCR1 and off_edge and n < _FRAGMENTS_WITHIN_EXON:
        return f"{_fragments(n)} off an exon's edge, at exon {exon}, where fusions are rare"
    return ""


def _against_around(candidate: Candidate, index: ReadIndex) -> str:
    """Why fragments with a read in either gene, and none across the join, do not suffice."""
    n = len(candidate.spanning)
    exon = index.exon_at(candidate.base)
    if region_of(exon, kept_5prime=candidate.side is Side.FIVE_PRIME) == OUTSIDE:
        return f"no read across a join, and exon {exon} is where no known fusion breaks"
    if n < _FRAGMENTS_AROUND_ONLY:
        return f"no read across a join, and a read in either gene in {_fragments(n)}"
    return ""


def _against_within(candidate: Candidate, index: ReadIndex, *, has_ptd: bool) -> str:
    n = len(candidate.fragments)
    if is_ptd(candidate, index):
        return ""
    if not candidate.at_edge:
        return "a join within KMT2A that is not between exons, as slips and hairpins make it"
    if has_ptd and index.exon_at(candidate.base_3prime or 0) in PTD_FIRST_EXONS:
        return "another splice form of the tandem duplication"
    if n < _FRAGMENTS_BACK_SPLICED:
        return f"back-spliced exons in {_fragments(n)}, as circular RNA has"
    return ""


def _against_unknown(candidate: Candidate, index: ReadIndex) -> str:
    """Why reads alone do not show a join to what is not known to be joined to KMT2A there."""
    ahead = candidate.side is Side.FIVE_PRIME
    exon = index.exon_at(candidate.base)
    region = region_of(exon, kept_5prime=ahead)
    # The genome tells related genes, so that less is asked of what it names.
    spliced = candidate.placed is not None and candidate.placed.exon is not None
    if candidate.longest_kmt2a < _KMT2A_PIECE_UNKNOWN and not spliced:
        return f"fewer than {_KMT2A_PIECE_UNKNOWN} bases of KMT2A beside unknown ones in every read"
    if not (candidate.mates_fit or candidate.is_named or _is_surely_kmt2a(candidate, index)):
        return "no fragment that has its other read on KMT2A, and no exon of it to the base"
    if region == OUTSIDE:
        return f"unknown bases at exon {exon}, where no known fusion breaks: another splice form"
    if not candidate.at_edge:
        return _against_off_edge(candidate, index, exon)
    if ahead and exon == len(index.exon_ends) - 1 and index.genome is None:
        return "unknown bases behind the last exon but one, as in read-through to the next gene"
    kind = Kind.INTRON_START if ahead else Kind.INTRON_END
    intron_known = any(e.exon == exon for e in index.of_kind(kind))
    if not intron_known and _looks_like_intron(candidate.beside, region, ahead=ahead):
        return f"what is beside exon {exon} looks like its intron, which the index does not hold"
    return _against_few(candidate, region, exon)


def _against_few(candidate: Candidate, region: str, exon: int) -> str:
    """Why there are too few fragments on the edge of an exon of KMT2A."""
    least = 1 if candidate.side is Side.FIVE_PRIME else _FRAGMENTS_UNKNOWN_5PRIME
    n = len(candidate.fragments)
    if n < (least if region == _BCR1 else _FRAGMENTS_ELSEWHERE):
        return f"unknown bases beside exon {exon} in {_fragments(n)}"
    if n == 1 and _LONG_RUN.search(candidate.beside):
        return "one fragment, and one base many times in a row in what is beside KMT2A"
    if n == 1 or (n < _FRAGMENTS_ELSEWHERE and not candidate.is_listed):
        return _against_off_genes_edge(candidate)
    return ""


def _is_surely_kmt2a(candidate: Candidate, index: ReadIndex) -> bool:
    """Whether a read has an exon of KMT2A to its edge as no related gene has it.

    Related genes differ from KMT2A in at least every tenth base. What is longer the same is a piece
    of KMT2A in another gene, which shows in fragments that are many and never reach KMT2A: of those
    of a fusion about half do.
    """
    if len(candidate.fragments) > _MOST_OFF_KMT2A:
        return False
    rna, base = index.transcript, candidate.base
    for one in candidate.seen:
        own = one.join.kmt2a
        if one.join.base != base or not one.join.at_edge or len(own) < _KMT2A_PIECE_UNKNOWN:
            continue
        if len(one.join.beside) < _LONG_PIECE:
            continue
        if candidate.side is Side.FIVE_PRIME:
            there = rna[max(0, base + 1 - len(own)) : base + 1]
        else:
            there = rna[base : base + len(own)]
        if share_alike(own, there) >= _SURELY_KMT2A:
            return True
    return False


def _against_off_edge(candidate: Candidate, index: ReadIndex, exon: int) -> str:
    """The same within an exon of KMT2A, where enzymes that copy RNA change templates."""
    n = len(candidate.fragments)
    rna, base = index.transcript, candidate.base
    ahead = candidate.side is Side.FIVE_PRIME
    own = rna[base + 1 :] if ahead else rna[:base][::-1]
    beside = candidate.beside if ahead else candidate.beside[::-1]
    if share_alike(beside, own[: len(beside)]) >= _LIKE_KMT2A:
        return f"within exon {exon}, and like KMT2A beyond the break: a related gene"
    if n < _FRAGMENTS_WITHIN_EXON or candidate.longest_beside < _WITHIN_EXON_PIECE:
        return f"unknown bases within exon {exon}, in {_fragments(n)}"
    least = _FRAGMENTS_WITHIN_EXON if candidate.is_listed else _FRAGMENTS_OFF_EDGES
    if candidate.is_off_edges and candidate.n_places < least:
        return "a break within exons of both genes in copies of few fragments, a change of template"
    return ""


def _against_off_genes_edge(candidate: Candidate) -> str:
    """Why few fragments do not suffice, where the genome puts them off the edge of an exon."""
    if candidate.placed is not None and candidate.placed.exon is None:
        n = len(candidate.fragments)
        return f"{_fragments(n)}, and no exon's edge of a known gene beside KMT2A's"
    return ""


def _looks_like_intron(beside: bytes, region: str, *, ahead: bool) -> bool:
    """Whether bases begin as introns do, or end as they do: pyrimidines, then AG.

    Where fusions are rare the AG suffices.
    """
    if ahead:
        return beside.startswith((b"GTA", b"GTG"))
    tract = beside[_TRACT]
    pyrimidines = sum(base in _PYRIMIDINES for base in tract)
    is_tract = region != _BCR1 or pyrimidines >= _TRACT_SHARE * max(len(tract), 1)
    return beside.endswith(b"AG") and is_tract


def _confidence(candidate: Candidate, index: ReadIndex) -> Confidence:
    split, spanning = len(candidate.fragments), len(candidate.spanning)
    if not split:
        return Confidence.LOW
    known = candidate.is_named or is_ptd(candidate, index)
    pieces = min(candidate.longest_kmt2a, candidate.longest_beside)
    if known and candidate.at_edge and split >= _HIGH_FRAGMENTS and pieces >= _LONG_PIECE:
        return Confidence.HIGH
    if split >= _MEDIUM_FRAGMENTS and split + spanning >= _HIGH_FRAGMENTS:
        return Confidence.MEDIUM
    if known and candidate.at_edge and split + spanning >= _MEDIUM_FRAGMENTS:
        return Confidence.MEDIUM
    return Confidence.LOW


def _reasons(candidate: Candidate, index: ReadIndex) -> list[str]:
    split, spanning = len(candidate.fragments), len(candidate.spanning)
    said = [f"{_fragments(split)} across the join, {spanning} around it"]
    if not candidate.seen:
        return [*said, "no read across it: the exons are assumed, the first that fit"]
    pieces = f"{candidate.longest_kmt2a} bases of KMT2A and {candidate.longest_beside} beside it"
    said.append(f"at most {pieces} in a read")
    if candidate.placed is not None:
        said += candidate.placed.said
    said.append("on the exon's edge" if candidate.at_edge else "the break is within an exon")
    if candidate.n_inserted:
        said.append(f"{candidate.n_inserted} bases of neither gene between them")
    if candidate.side is Side.BOTH:
        if not is_ptd(candidate, index):
            said.append("back-spliced exons; circular RNA looks the same")
    elif candidate.is_named:
        said.append(f"{candidate.n_fitting} bases fit the partner")
    elif candidate.entry is not None:
        said.append(f"{candidate.n_fitting} bases fit {candidate.entry.label}, too few to name it")
    elif candidate.placed is None:
        said.append("the index does not hold what is beside KMT2A: look the sequence up")
    return said


def _fragments(n: int) -> str:
    return f"{n} distinct fragment{'s' if n != 1 else ''}"
