"""RT-PCR panels: the fusions that each can amplify, and where its primers stand.

The packaged table and a laboratory's own one have the same columns and are read by the same code.
An exon of KMT2A is a MANE number on ENST00000534358, an exon of a partner one on its packaged
transcript.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.knowledge.gene_structures import kmt2a_exons, partner_exons
from fusion_caller.knowledge.packaged_rows import Evidence, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fusion_caller.tables import Row

PTD = "PTD"
_T = TypeVar("_T")
PANEL_COLUMNS = (
    "panel",
    "name",
    "material",
    "nested",
    "longest_product_bp",
    "target",
    "kmt2a_primer_exon",
    "partner_primer_exon",
    "evidence",
    "primer_evidence",
    "source",
)
REQUIRED_PANEL_COLUMNS = ("panel", "target")
# What holds for a panel as a whole, so that its rows must agree on it.
_OF_THE_PANEL = ("name", "material", "nested", "longest_product_bp")
# Long-distance PCR makes some 20 kb; a product longer than 100 kb is a slip of the pen.
_LONGEST_PRODUCT = 100_000
# The gene with the most exons, titin, has 363.
_MOST_EXONS = 400


class Material(StrEnum):
    """What a panel's PCR starts from."""

    RNA = "rna"
    DNA = "dna"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTarget:
    """One fusion that a panel amplifies, and where its primers stand.

    Attributes:
        symbol: HGNC symbol of the partner, `PTD` for the partial tandem duplication.
        kmt2a_primer_exon: The exon of the (inner) forward primer, a MANE number on
            ENST00000534358, the earliest where there are several; None where not known. A junction
            behind an earlier exon is not seen.
        partner_primer_exon: The exon of the (inner) reverse primer, a MANE number on the partner's
            MANE transcript; None where not known. A fusion that enters behind it is not seen.
        evidence: Whether the target is sourced.
        primer_evidence: Whether the primers' exons are sourced.
    """

    symbol: str
    kmt2a_primer_exon: int | None = None
    partner_primer_exon: int | None = None
    evidence: Evidence
    primer_evidence: Evidence = Evidence.MEMORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A PCR panel: what it can amplify, PTD among the targets where it has one.

    `material` is RNA for RT-PCR, DNA for long-distance PCR across genomic breakpoints. `nested` is
    None where it is not known. `longest_product_bp` is the longest product that its polymerase is
    expected to make, None where not known.
    """

    id: str
    name: str
    members: tuple[PanelTarget, ...]
    material: Material = Material.RNA
    nested: bool | None = None
    longest_product_bp: int | None = None
    source: str

    @property
    def targets(self) -> tuple[str, ...]:
        """HGNC symbols of the targets, `PTD` for the partial tandem duplication."""
        return tuple(member.symbol for member in self.members)

    @property
    def from_memory(self) -> tuple[str, ...]:
        """The targets that no source was found for."""
        return tuple(m.symbol for m in self.members if m.evidence is Evidence.MEMORY)

    def member(self, symbol: str) -> PanelTarget | None:
        """The target of a symbol, None where the panel does not have it."""
        return next((member for member in self.members if member.symbol == symbol), None)


@cache
def panels() -> dict[str, Panel]:
    """The packaged panels by identifier."""
    return panels_of_rows(rows_of("panels.tsv"), file="panels.tsv")


def panels_of_rows(
    rows: Iterable[Row], *, file: str, symbol_of: Callable[[str], str] = str
) -> dict[str, Panel]:
    """Make panels of a table's rows, one row a target, by identifier in the order of the table.

    An empty cell of `name` means the identifier, of `material` RNA, of `evidence` that the target
    is sourced, of `primer_evidence` the same as `evidence`, of `source` the table itself.

    Args:
        rows: The rows.
        file: How messages call the table.
        symbol_of: What turns a target's name into its symbol; raises BadValueError.

    Raises:
        InputError: With file, line and column, for the first value that is not what it should be,
            that contradicts an earlier row of its panel, or that repeats a target.
    """
    by_panel: dict[str, list[tuple[Row, PanelTarget]]] = {}
    for row in rows:
        panel = _read(row, "panel", file, lambda text: check_identifier(text, what="panel"))
        of_panel = by_panel.setdefault(panel, [])
        target = _target(row, file, symbol_of)
        _check_agreement(row, target, of_panel, file)
        of_panel.append((row, target))
    return {panel: _panel(panel, lines, file) for panel, lines in by_panel.items()}


def _panel(identifier: str, lines: list[tuple[Row, PanelTarget]], file: str) -> Panel:
    first = lines[0][0]
    sources = dict.fromkeys(row.get("source") for row, _ in lines if row.get("source"))
    return Panel(
        id=identifier,
        name=first.get("name") or identifier,
        members=tuple(target for _, target in lines),
        material=_read(first, "material", file, _material),
        nested=_read(first, "nested", file, _yes_or_no),
        longest_product_bp=_read(
            first, "longest_product_bp", file, lambda text: _whole(text, _LONGEST_PRODUCT)
        ),
        source="; ".join(sources) or file,
    )


def _target(row: Row, file: str, symbol_of: Callable[[str], str]) -> PanelTarget:
    symbol = _read(row, "target", file, lambda text: symbol_of(_something(text)))
    evidence = _read(row, "evidence", file, lambda text: _evidence(text, Evidence.SOURCED))
    kmt2a = len(kmt2a_exons())
    partner = kmt2a if symbol == PTD else len(partner_exons().get(symbol, ())) or _MOST_EXONS
    forward = _read(row, "kmt2a_primer_exon", file, lambda text: _whole(text, kmt2a))
    reverse = _read(row, "partner_primer_exon", file, lambda text: _whole(text, partner))
    placed = forward is not None or reverse is not None
    of_primers = _read(row, "primer_evidence", file, lambda text: _evidence(text, evidence))
    return PanelTarget(
        symbol=symbol,
        kmt2a_primer_exon=forward,
        partner_primer_exon=reverse,
        evidence=evidence,
        primer_evidence=of_primers if placed else Evidence.MEMORY,
    )


def _check_agreement(
    row: Row, target: PanelTarget, earlier: list[tuple[Row, PanelTarget]], file: str
) -> None:
    for before, other in earlier:
        if other.symbol == target.symbol:
            problem = f"{target.symbol} is a target of this panel in line {before.line} already"
            raise InputError(problem, file=file, line=row.line, column="target")
    if not earlier:
        _panel(row["panel"], [(row, target)], file)  # so that a bad value is told with its line
        return
    first = earlier[0][0]
    for column in _OF_THE_PANEL:
        if row.get(column) != first.get(column):
            raise InputError(
                f"expected '{_short(first.get(column))}' as in line {first.line} of the same "
                f"panel, found '{_short(row.get(column))}'",
                file=file,
                line=row.line,
                column=column,
            )


def _read(row: Row, column: str, file: str, convert: Callable[[str], _T]) -> _T:
    try:
        return convert(row.get(column))
    except BadValueError as error:
        raise InputError(error.problem, file=file, line=row.line, column=column) from None


def _something(text: str) -> str:
    if not text:
        raise BadValueError("expected a partner of KMT2A, or PTD; found nothing")
    return text


def _material(text: str) -> Material:
    if text.lower() not in ("", *Material):
        raise BadValueError(f"expected rna, dna or an empty cell, found '{_short(text)}'")
    return Material(text.lower() or Material.RNA)


def _yes_or_no(text: str) -> bool | None:
    if text.lower() not in ("", "yes", "no"):
        raise BadValueError(f"expected yes, no or an empty cell, found '{_short(text)}'")
    return text.lower() == "yes" if text else None


def _evidence(text: str, default: Evidence) -> Evidence:
    if text.lower() not in ("", *Evidence):
        raise BadValueError(f"expected sourced, memory or an empty cell, found '{_short(text)}'")
    return Evidence(text.lower() or default)


def _whole(text: str, largest: int) -> int | None:
    if not text:
        return None
    # More digits than that are no exon and no length, and `int` refuses thousands of them.
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(largest))) or not (
        1 <= int(text) <= largest
    ):
        raise BadValueError(
            f"expected a whole number from 1 to {largest} or an empty cell, found '{_short(text)}'"
        )
    return int(text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    longest = 60
    return line if len(line) <= longest else f"{line[: longest - 3]}..."
