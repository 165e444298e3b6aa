"""Variant files (VCF 4.x): breakends and symbolic alleles, of genomes and of transcripts.

Two records of the same junction are one call, by their positions, whether or not `MATEID` says so;
so is a record whose mate is missing. A genomic record names no gene and has no 5' end: the ends are
given as the first of the records has them, read along the plus strand at its own position, and
`event_type` says that the orientation is not known. What writers of transcripts say of genes and
order is in `vcf_dialects`, what a record's ends are in `variant_ends`.

A record counts once for each sample that carries it: one whose genotype has the variant, or that
has no genotype but read support, or about which the file says nothing. Small variants make no call,
nor do insertions, whose records do not say where the sequence came from; a long one in KMT2A is
refused.

pysam checks the header and the records that are used. Values are taken from the text: htslib reads
`INFRAME`, which one release of rnafusion declares to be a number, as infinity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.identifiers import check_identifier
from fusion_caller.readers.joined_ends import (
    DELETION,
    DUPLICATION,
    INVERSION,
    TRANSLOCATION,
    JoinedEnds,
)
from fusion_caller.readers.passed_over import PassedOver
from fusion_caller.readers.reader import Content, cut_off, not_passed, refused
from fusion_caller.readers.variant_ends import INSERTION, ends_of, kind_of
from fusion_caller.readers.vcf_dialects import Record, fusion_ends, named, support
from fusion_caller.readers.vcf_file import COMMENT, check_columns, checked_header, preamble_of
from fusion_caller.readers.vcf_insertions import is_long_insertion_in_kmt2a, refused_insertion
from fusion_caller.records import (
    NO_GENE,
    ORIENTATION_NOT_KNOWN,
    Disposition,
    FusionCall,
    Source,
)
from fusion_caller.tables import Layout, stream_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Origin
    from fusion_caller.readers.vcf_file import Header
    from fusion_caller.records import SetAside
    from fusion_caller.tables import Row

SINGLE_BREAKEND = "single breakend"
_LAYOUT = Layout(comment=COMMENT)
_N_FIXED = 9
_EVENTS = {"DEL": DELETION, "DUP": DUPLICATION, "INV": INVERSION, "TRA": TRANSLOCATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The format; see the module."""

    source: Source = Source.VCF
    also: tuple[Source, ...] = ()
    variant: str = "variant records"
    names_samples: bool = True
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        return bool(head) and head[0].startswith("##fileformat=VCF")

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format; a record counts as a row for each sample that carries it.

        Raises:
            InputError: If its structure is damaged, or its samples are not as stated.
        """
        preamble = preamble_of(path, file=origin.file)
        small = PassedOver("no rearrangement, or no second place")
        rows: list[Row] = []
        inserted: list[Row] = []
        with stream_table(path, name=origin.file, quoting=False, layout=_LAYOUT) as table:
            check_columns(table.columns, preamble, file=origin.file)
            owners = _owners(table.columns[_N_FIXED:], origin)
            for row in table.rows:
                info = _info(row)
                kinds = _kinds(row, info)
                if is_long_insertion_in_kmt2a(row, info):
                    inserted.append(row)
                elif any(kinds) and kinds != [INSERTION]:
                    rows.append(row)
                else:
                    small.add(row.line)
            cut_at = table.cut_at
        used = sorted((*rows, *inserted), key=lambda row: row.line)
        header = checked_header(preamble, table.columns, used, file=origin.file)
        known = next(iter(owners.values())) if len(owners) == 1 else origin
        absent = PassedOver("a rearrangement that no sample of the file carries")
        of_nobody: list[int] = []
        records, aside = _records(rows, header, known)
        aside.extend(_insertions(inserted, owners, of_nobody))
        calls: list[FusionCall] = []
        for event in _with_mates(records):
            before = len(calls) + len(aside)
            for sample, owner in owners.items():
                try:
                    calls.extend(_calls(event, header, sample, owner, alone=len(owners) == 1))
                except BadValueError as error:
                    aside.extend(
                        refused(one.row.line, one.row.values.values(), error, owner)
                        for one in event
                    )
            if len(calls) + len(aside) == before:
                of_nobody.extend(one.row.line for one in event)
        for line in sorted(of_nobody):
            absent.add(line)
        n_refused = sum(row.disposition is Disposition.REFUSED for row in aside)
        return Content(
            n_rows=sum(call.n_rows for call in calls) + n_refused + small.n_rows + absent.n_rows,
            calls=tuple(calls),
            owners=tuple((owner.patient, owner.sample) for owner in owners.values()),
            set_aside=(
                *aside,
                *small.remark(known),
                *absent.remark(known),
                *cut_off(cut_at, known),
            ),
        )


VARIANTS = Variants()


def has_samples(path: Path, *, name: str) -> bool:
    """Whether a file of this format has columns of samples.

    Raises:
        InputError: If it has no usable header.
    """
    with stream_table(path, name=name, quoting=False, layout=_LAYOUT) as table:
        return len(table.columns) > _N_FIXED


def _owners(samples: Sequence[str], origin: Origin) -> dict[str, Origin]:
    """Whose a sample's column is; the only one is the user's sample where there is one stated."""
    if origin.sample and len(samples) > 1:
        raise InputError(
            f"the file holds {len(samples)} samples, but one sample is given for it",
            file=origin.file,
            remedy="leave patient and sample empty, and the samples keep the file's names",
        )
    if origin.sample:
        return {samples[0] if samples else "": origin}
    if not samples:
        raise InputError(
            "the file names no sample, and the sample sheet names none for it",
            file=origin.file,
            remedy="fill the columns 'patient' and 'sample'",
        )
    try:
        for name in samples:
            check_identifier(name, what="sample")
    except BadValueError as error:
        raise InputError(error.problem, file=origin.file) from None
    return {name: replace(origin, patient=name, sample=name) for name in samples}


def _info(row: Row) -> dict[str, str]:
    return dict(item.partition("=")[::2] for item in row["INFO"].split(";"))


def _kinds(row: Row, info: Mapping[str, str]) -> list[str]:
    return [kind_of(alternate, info) for alternate in row["ALT"].split(",")]


def _records(
    rows: Iterable[Row], header: Header, origin: Origin
) -> tuple[list[Record], list[SetAside]]:
    """The records of rearrangements and the rows that cannot be read."""
    records: list[Record] = []
    aside: list[SetAside] = []
    for row in rows:
        info = _info(row)
        kinds = _kinds(row, info)
        try:
            if len(kinds) > 1:
                raise BadValueError(
                    f"expected one alternate allele, found {len(kinds)}", column="ALT"
                )
            ends = fusion_ends(row, info) or ends_of(
                row["CHROM"], int(row["POS"]), row["ALT"], info, header.lengths
            )
        except BadValueError as error:
            aside.append(refused(row.line, row.values.values(), error, origin))
        else:
            records.append(Record(row=row, info=info, kind=kinds[0], ends=ends))
    return records, aside


def _insertions(
    rows: Iterable[Row], owners: Mapping[str, Origin], of_nobody: list[int]
) -> Iterator[SetAside]:
    """Insertions, refused in each sample that carries them; the lines of others are noted."""
    for row in rows:
        found = refused_insertion(row, _carriers(row, owners))
        yield from found
        if not found:
            of_nobody.append(row.line)


def _carriers(row: Row, owners: Mapping[str, Origin]) -> Iterator[Origin]:
    """Whose samples carry a record, those included of which it cannot be read."""
    for sample, owner in owners.items():
        values = _sample_values(row, sample)
        alone = len(owners) == 1
        try:
            split, spanning = support(values, _info(row), alone=alone)
        except BadValueError:
            yield owner
        else:
            if _carries(values.get("GT", ""), split, spanning, alone=alone):
                yield owner


def _with_mates(records: Iterable[Record]) -> list[tuple[Record, ...]]:
    """Records of one junction together: the first of two that have it from both of its ends."""
    events: list[tuple[Record, ...]] = []
    alone: dict[JoinedEnds, list[int]] = {}
    for record in records:
        junction = min(record.ends, record.ends.turned(), key=str)
        waiting = alone.setdefault(junction, [])
        mate = next((i for i in waiting if _are_mates(events[i][0], record)), None)
        if mate is None:
            waiting.append(len(events))
            events.append((record,))
        else:
            waiting.remove(mate)
            events[mate] = (events[mate][0], record)
    return events


def _are_mates(one: Record, other: Record) -> bool:
    return one.kind == other.kind == "BND" and one.own != other.own


def _calls(
    event: tuple[Record, ...], header: Header, sample: str, owner: Origin, *, alone: bool
) -> tuple[FusionCall, ...]:
    """The call of an event in a sample; none where the sample does not carry it."""
    lead = event[0]
    values = _sample_values(lead.row, sample)
    split, spanning = support(values, lead.info, alone=alone)
    if not _carries(values.get("GT", ""), split, spanning, alone=alone):
        return ()
    said = named(event, header.declared)
    shape = said.ends.shape or _EVENTS.get(lead.kind, "")
    if None in (said.ends.first, said.ends.second) and not any(said.genes):
        shape = SINGLE_BREAKEND
    call = FusionCall(
        patient=owner.patient,
        sample=owner.sample,
        source=owner.source,
        gene_5prime=resolve_symbol(said.genes[0]) if said.genes[0] else NO_GENE,
        gene_3prime=resolve_symbol(said.genes[1]) if said.genes[1] else NO_GENE,
        reported_5prime=said.genes[0],
        reported_3prime=said.genes[1],
        gene_id_5prime=said.gene_ids[0],
        gene_id_3prime=said.gene_ids[1],
        breakpoint_5prime=said.ends.first,
        breakpoint_3prime=said.ends.second,
        split_reads=split,
        spanning_fragments=spanning,
        caller_confidence=said.confidence,
        caller_reading_frame=said.frame,
        event_type="; ".join(filter(None, (shape, "" if said.ordered else ORIENTATION_NOT_KNOWN))),
        extras=_extras(event, values, said.used),
        build=header.build,
        flags=not_passed(lead.row["FILTER"]),
        n_rows=len(event),
        file=owner.file,
        line=lead.row.line,
    )
    return (call,)


def _sample_values(row: Row, sample: str) -> dict[str, str]:
    keys, values = row.get("FORMAT").split(":"), row.get(sample).split(":")
    return {key: value for key, value in zip(keys, values, strict=False) if key}


def _carries(genotype: str, split: int | None, spanning: int | None, *, alone: bool) -> bool:
    """Whether a sample has the rearrangement; beside others, a missing genotype says it has not."""
    alleles = [allele for allele in re.split(r"[/|]", genotype) if allele not in ("", ".")]
    if alleles:
        return any(allele != "0" for allele in alleles)
    if split is None and spanning is None:
        return alone or not genotype
    return bool(split or spanning)


def _extras(
    event: tuple[Record, ...], values: Mapping[str, str], used: frozenset[str]
) -> dict[str, str]:
    """What no field took: the lead's fixed fields and INFO, what its mate has otherwise, FORMAT."""
    kept: dict[str, str] = {}
    for prefix, record in zip(("", "MATE_"), event, strict=False):
        fixed = {column: record.row[column] for column in ("ID", "REF", "ALT", "QUAL")}
        for key, value in (fixed | dict(record.info)).items():
            text = value or ("yes" if key in record.info else "")
            if key and key not in used and text != "." and kept.get(key) != text:
                kept[f"{prefix}{key}"] = text
    return {key: text for key, text in (kept | dict(values)).items() if text not in ("", ".")}
