"""What the name of a locus says of the gene: all, nothing (a clone), or two genes in one."""

from __future__ import annotations

import re
from functools import cache

from fusion_caller.gene_names import is_known, resolve_symbol
from fusion_caller.knowledge import KMT2A, partners
from fusion_caller.records import NO_GENE

_ENSEMBL = re.compile(r"ENSG\d+(?:\.\d+)?")
# Loci that have no name of their own: clones by their accession or by library and well (as in
# GENCODE), identifiers. A named locus beside a gene (`CTBP1-AS2`, `RPS10-NUDT3`) is none of them.
_CLONE = re.compile(
    r"[A-Z]\d{5}(?:\.\d+)?|[A-Z]{2}\d{6}(?:\.\d+)?"
    r"|(?:RP\d+|ABC\d+|CT[ABCD]|KB|GS1|WI2|LA16c|LL\d\w*|LLNL[FR]|XX(?:bac|cos|fos|yac)?)-\w*\d[\w.]*"
    rf"|LOC\d+|{_ENSEMBL.pattern}"
)
# What a spreadsheet makes of SEPT6, MARCH1 or DEC1: `6-Sep`, `Sep-06`, `2023-09-06`.
_DATE = re.compile(
    r"\d{1,2}-(?:Sep|Mar|Dec|Oct|Apr|Feb)[a-z]*|(?:Sep|Mar|Dec|Oct|Apr|Feb)[a-z]*-\d{1,2}"
    r"|\d{4}-\d\d-\d\d(?: 00:00:00)?",
    re.IGNORECASE,
)
# What follows a gene's name in that of another locus, on its other strand or within it (HGNC).
_BESIDE_A_GENE = re.compile(r"(?:AS|DT|IT|OT|UT)\d*")


@cache
def without_version(name: str) -> str:
    """The Ensembl identifier of a gene that a name is, without its version; nothing for another."""
    return name.partition(".")[0] if _ENSEMBL.fullmatch(name) else ""


def is_nameless(symbol: str) -> bool:
    """Whether a name is none, a clone's, an identifier, or a date made of it by a spreadsheet."""
    return symbol == NO_GENE or bool(_CLONE.fullmatch(symbol) or _DATE.fullmatch(symbol))


@cache
def says_little(symbol: str) -> bool:
    """Whether a name leaves the gene open: a nameless locus, or one that joins two genes."""
    return is_nameless(symbol) or bool(joined_genes(symbol))


@cache
def joined_genes(symbol: str) -> tuple[str, ...]:
    """The genes that a read-through locus (`CD3G-KMT2A`) joins; none for another locus.

    Only those with KMT2A or a partner among them are taken for one.
    """
    parts = symbol.split("-")
    if len(parts) == 1 or is_known(symbol) or _BESIDE_A_GENE.fullmatch(parts[-1]):
        return ()
    genes = tuple(resolve_symbol(part) for part in parts)
    return genes if any(gene == KMT2A or gene in partners() for gene in genes) else ()
