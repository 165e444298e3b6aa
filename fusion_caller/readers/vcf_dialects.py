"""What the writers of variant files say of a fusion beyond its ends: genes, order, read support.

Known by their own documentation or source:

- nf-core/rnafusion's `vcf_collect.py` and `megafusion.py`, MegaFusion: one record a fusion, `GENEA`
  and `POSA` of the 5' gene, `ORIENTATION` the genes' strands; the alternate allele does not follow
  the format. rnafusion writes FusionInspector's junction reads as `DV` and its spanning fragments
  as `RV`, the other way round than its header says, and 0 for what FusionInspector did not count.
- Arriba's `convert_fusions_to_vcf.sh`: two records a fusion, `<n>a` of the 5' gene, `<n>b` of the
  3' gene, each with its own gene; the confidence as quality (0.5 low, 2 medium, 5 high).
- Manta's RNA mode: `RNA_FIRST` marks the 5' end, which counts only with `RNA_STRANDED`. AnaCore's
  conversions and this project's own file mark it too (`RNA_FIRST`, `END5`).
- Read support: `SR` (Manta, LUMPY, GRIDSS), `RV` (Delly, MegaFusion) are split reads; `PR` (Manta),
  `PE` (LUMPY), `RP` (GRIDSS), `DV` (Delly, MegaFusion) are pairs around the junction. Of two
  numbers the second is the variant's. `SR` and `PE` of INFO, summed over samples, stand in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.readers.joined_ends import JoinedEnds
from fusion_caller.readers.reader import on_its_contig
from fusion_caller.records import Breakpoint, Frame

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fusion_caller.tables import Row

_SPLIT = ("SR", "RV")
_SPANNING = ("PR", "PE", "RP", "DV")
_ARRIBA_ID = re.compile("[0-9]+[ab]")
_ARRIBA_CONFIDENCE = {"0.5": "low", "2": "medium", "5": "high"}
_FRAMES = {"INFRAME": Frame.IN_FRAME, "FRAMESHIFT": Frame.OUT_OF_FRAME}
_PAIR = re.compile(r"(.+?)(?:--|::)(.+)")
_NOTHING = ("", ".", "nan", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a fusion's records say of it; names and identifiers are 5' first."""

    ends: JoinedEnds
    ordered: bool
    genes: tuple[str, str] = ("", "")
    gene_ids: tuple[str, str] = ("", "")
    confidence: str
    frame: Frame = Frame.UNKNOWN
    used: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record that is a rearrangement; `own_first` says that its own end is the first."""

    row: Row
    info: Mapping[str, str]
    kind: str
    ends: JoinedEnds

    @property
    def own(self) -> Breakpoint | None:
        """The end at the record's own position."""
        return self.ends.first if self.own_first else self.ends.second

    @property
    def own_first(self) -> bool:
        """Whether the record's own end is the one that is read first."""
        return not self.row["ALT"].startswith(("[", "]", "."))


def fusion_ends(row: Row, info: Mapping[str, str]) -> JoinedEnds | None:
    """The ends of a record that names both genes, 5' first; None for one that does not.

    Raises:
        BadValueError: If a position cannot be read.
    """
    if "GENEA" not in info or "GENEB" not in info:
        return None
    target = re.search(r"[\[\]](.+):([0-9]+)[\[\]]", row["ALT"])
    contig, position = (target[1], target[2]) if target else ("", "")
    first, _, second = info.get("ORIENTATION", "").partition(",")
    return JoinedEnds(
        _place(info.get("CHRA", row["CHROM"]), info.get("POSA", row["POS"]), first, "POSA"),
        _place(info.get("CHRB", contig), info.get("POSB", position), second, "POSB"),
    )


def _place(contig: str, position: str, strand: str, column: str) -> Breakpoint | None:
    if contig in _NOTHING or position in _NOTHING:
        return None
    suffix = f":{strand}" if strand in ("+", "-") else ""
    try:
        return on_its_contig(Breakpoint.from_string(f"{contig}:{position}{suffix}"))
    except BadValueError as error:
        raise BadValueError(error.problem, column=column) from None


def named(records: tuple[Record, ...], declared: Collection[str]) -> Named:
    """What the one or two records of a fusion say of it.

    Args:
        records: The record, or it and its mate.
        declared: The INFO fields that the file's header declares.
    """
    lead = records[0]
    if "GENEA" in lead.info and "GENEB" in lead.info:
        return Named(
            ends=lead.ends,
            ordered=True,
            genes=(lead.info["GENEA"], lead.info["GENEB"]),
            confidence=_filter(lead),
            frame=_FRAMES.get(lead.info.get("FRAME_STATUS", ""), Frame.UNKNOWN),
            used=frozenset(
                ("SVTYPE", "GENEA", "GENEB", "CHRA", "CHRB", "POSA", "POSB", "ORIENTATION")
            ),
        )
    arriba = {"GENE_NAME", "GENE_ID"} <= set(declared)
    sides = [_is_5prime(record, declared, arriba=arriba) for record in records]
    ordered = any(side is not None for side in sides)
    # Whether the lead's own end is the 5' one; its mate's word is the contrary of its own.
    five = sides[0] if sides[0] is not None else not sides[-1]
    along = not ordered or lead.own_first is five
    names, ids = (_of_sides(records, key, five=five) for key in ("GENE_NAME", "GENE_ID"))
    if not any(names) and ordered and (pair := _PAIR.fullmatch(lead.info.get("FUSION", ""))):
        names = (pair[1], pair[2])
    confidence = _filter(lead)
    return Named(
        ends=lead.ends if along else lead.ends.turned(),
        ordered=ordered,
        genes=names,
        gene_ids=ids,
        confidence=_ARRIBA_CONFIDENCE.get(lead.row["QUAL"], confidence) if arriba else confidence,
        used=frozenset(("SVTYPE", "MATEID", "GENE_NAME", "GENE_ID")),
    )


def _filter(record: Record) -> str:
    return record.row["FILTER"].removeprefix(".")


def _is_5prime(record: Record, declared: Collection[str], *, arriba: bool) -> bool | None:
    """Whether a record's own end is the 5' one; None where the file does not say."""
    if arriba and _ARRIBA_ID.fullmatch(record.row["ID"]):
        return record.row["ID"].endswith("a")
    if "END5" in declared:
        return "END5" in record.info
    if "RNA_FIRST" in declared and (
        "RNA_STRANDED" not in declared or "RNA_STRANDED" in record.info
    ):
        return "RNA_FIRST" in record.info
    return None


def _of_sides(records: tuple[Record, ...], key: str, *, five: bool) -> tuple[str, str]:
    """What the records say of their own ends, 5' first; `five` says that the first record is 5'."""
    values = [record.info.get(key, "").removeprefix(".") for record in records]
    values += [""] * (2 - len(values))
    return (values[0], values[1]) if five else (values[1], values[0])


def support(
    values: Mapping[str, str], info: Mapping[str, str], *, alone: bool
) -> tuple[int | None, int | None]:
    """Split reads and spanning fragments of a sample, None where they are not counted.

    Args:
        values: The sample's values by their FORMAT keys.
        info: The record's INFO field by key.
        alone: Whether the file has no other sample, so that INFO's counts are its.

    Raises:
        BadValueError: If a count cannot be read.
    """
    if "GENEA" in info and "FOUND_DB" in info:
        split, spanning = _count(values, "DV"), _count(values, "RV")
        return (split, spanning) if split or spanning else (None, None)
    counts = []
    for keys, stand_in in ((_SPLIT, "SR"), (_SPANNING, "PE")):
        key = next((key for key in keys if key in values), "")
        source = values if key or not alone else info
        counts.append(_count(source, key or stand_in))
    return counts[0], counts[1]


def _count(values: Mapping[str, str], key: str) -> int | None:
    text = values.get(key, "").rpartition(",")[2]
    if text in ("", "."):
        return None
    if not re.fullmatch("[0-9]{1,18}", text):
        raise BadValueError(f"expected a count, found '{text}'", column=key)
    return int(text)
