"""Which gene a name means, and which two genes a fusion's name means.

Laboratories and callers write KMT2A fusions in dozens of ways: `MLL-AF4`, `KMT2A--AFF1`,
`KMT2A::AFF1`, `t(4;11) MLL/AF4`, `dupMLL`. Everything here resolves to HGNC symbols; a name that
the knowledge base does not know is kept as it was printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from fusion_caller.errors import BadValueError
from fusion_caller.knowledge import KMT2A, PTD, neighbours, partners

KMT2A_NAMES = ("KMT2A", "MLL", "MLL1", "HRX", "ALL1", "ALL-1", "HTRX", "HTRX1", "TRX1", "CXXC7")
PTD_NAMES = (
    "PTD",
    "dupKMT2A",
    "KMT2Adup",
    "dupMLL",
    "MLLdup",
    "KMT2A-PTD",
    "MLL-PTD",
    "PTD-KMT2A",
    "PTD-MLL",
)
# CT45A1 to CT45A10 are near-identical copies on Xq26.3: an aligner may name any of them.
PARALOGUES = {"CT45A1": frozenset(f"CT45A{n}" for n in (1, 2, 3, 5, 6, 7, 8, 9, 10))}

_SEPARATORS = (
    "::",
    "--",
    "->",
    ">",
    "/",
    "_",
    "|",
    "+",
    ":",
    "\u2013",
    "\u2014",
    "\u2212",
    "-",
    " ",
)
_NOISE = re.compile(
    r"\b(?:t|inv|ins|del|dup) ?\([0-9XY;]+\)(?: ?\([pq0-9;.-]+\))?"
    r"|\b(fusion|transcript|gene|positive|detected|pos)\b|[()\[\],;.]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionName:
    """Two genes in the order in which they were written, which is 5' to 3' by convention."""

    gene_5prime: str
    gene_3prime: str

    @property
    def is_ptd(self) -> bool:
        """Whether the name means the partial tandem duplication of KMT2A."""
        return self.gene_5prime == self.gene_3prime == KMT2A

    @property
    def partner(self) -> str:
        """The gene that is not KMT2A; `PTD` where both are; empty where neither is."""
        if self.is_ptd:
            return PTD
        if KMT2A not in (self.gene_5prime, self.gene_3prime):
            return ""
        return self.gene_3prime if self.gene_5prime == KMT2A else self.gene_5prime

    def __str__(self) -> str:
        return f"{self.gene_5prime}::{self.gene_3prime}"


def _key(name: str) -> str:
    return re.sub(r"[\s._-]", "", name).upper()


@cache
def _symbols_by_name(*, aliases: bool) -> dict[str, tuple[str, ...]]:
    """Every name in use, to the symbols it means; an approved symbol wins over an older use.

    The order is: approved symbol, previous symbol, the name leukaemia papers use, other alias. So
    `SEPT2` is SEPTIN2 (its previous symbol) though it once was an alias of SEPTIN6.
    """
    ranks: list[list[tuple[str, str]]] = [[], [], [], []]
    ranks[0] += [(name, KMT2A) for name in KMT2A_NAMES]
    for partner in partners().values():
        ranks[0].append((partner.symbol, partner.symbol))
        ranks[1] += [(name, partner.symbol) for name in partner.previous_symbols]
        ranks[2] += [(name, partner.symbol) for name in partner.legacy_names]
        ranks[3] += [(name, partner.symbol) for name in partner.aliases]
    for neighbour in neighbours().values():
        ranks[0].append((neighbour.symbol, neighbour.symbol))
        ranks[1] += [(name, neighbour.symbol) for name in neighbour.aliases]
    for symbols in PARALOGUES.values():
        ranks[0] += [(symbol, symbol) for symbol in symbols]
    known: dict[str, tuple[str, ...]] = {}
    for rank in ranks if aliases else ranks[:3]:
        found: dict[str, dict[str, None]] = {}
        for name, symbol in rank:
            found.setdefault(_key(name), {})[symbol] = None
        for key, symbols_found in found.items():
            known.setdefault(key, tuple(symbols_found))
    return known


def symbols_for(name: str) -> tuple[str, ...]:
    """HGNC symbols that a name can mean: none if unknown, several if the name is ambiguous."""
    return _symbols_by_name(aliases=True).get(_key(name), ())


def is_known(name: str) -> bool:
    """Whether the knowledge base knows the name."""
    return bool(symbols_for(name))


@cache
def resolve(name: str) -> str:
    """The HGNC symbol for a name that a person wrote, or the name where unknown or ambiguous."""
    symbols = symbols_for(name)
    return symbols[0] if len(symbols) == 1 else name


@cache
def resolve_symbol(name: str) -> str:
    """The HGNC symbol for a symbol that a caller printed.

    Callers print the symbols of an annotation, so previous symbols count but free aliases do not:
    `MST1` is an approved gene in an annotation, though a paper may mean STK4 by it.
    """
    symbols = _symbols_by_name(aliases=False).get(_key(name), ())
    return symbols[0] if len(symbols) == 1 else name


def paralogues_of(symbol: str) -> tuple[str, ...]:
    """The genes that an aligner cannot tell from this one, itself included; empty if none."""
    for members in PARALOGUES.values():
        if symbol in members:
            return tuple(sorted(members, key=lambda name: (len(name), name)))
    return ()


def parse_fusion_name(text: str) -> FusionName:
    """Read a fusion's name with KMT2A in it, whatever the separator, order or aliases.

    Raises:
        BadValueError: If no reading has KMT2A on at least one side.
    """
    cleaned = " ".join(_NOISE.sub(" ", text).split())
    bare = re.sub(r"[\W_]", "", cleaned).upper()
    if bare in {_key(name) for name in PTD_NAMES}:
        return FusionName(gene_5prime=KMT2A, gene_3prime=KMT2A)
    # A name may hold the separator itself (`KMT2A-AF-9`), so every cut is tried and a cut with two
    # known genes beats one with a single known gene.
    readings = [
        FusionName(gene_5prime=resolve(left), gene_3prime=resolve(right))
        for left, right in _cuts(cleaned)
        if KMT2A in (resolve(left), resolve(right))
    ]
    for reading in readings:
        if is_known(reading.gene_5prime) and is_known(reading.gene_3prime):
            return reading
    if readings:
        return readings[0]
    raise BadValueError(f"expected a KMT2A fusion such as KMT2A::AFF1 or MLL-AF4, found '{text}'")


def _cuts(text: str) -> list[tuple[str, str]]:
    cuts = []
    for separator in _SEPARATORS:
        for match in re.finditer(re.escape(separator), text):
            left, right = text[: match.start()].strip(), text[match.end() :].strip()
            if any(map(str.isalnum, left)) and any(map(str.isalnum, right)):
                cuts.append((left, right))
    return cuts
