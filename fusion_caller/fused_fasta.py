"""Fused transcripts and their peptides as FASTA."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from fusion_caller.fusion_matrix import sample_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fusion_caller.records import Kmt2aFusion, SampleFusions

Molecule = Literal["transcript", "peptide"]


def fasta_lines(samples: Sequence[SampleFusions], molecule: Molecule) -> Iterator[str]:
    """A record for each event whose fused transcript was read; with line breaks.

    The identifier holds the sample, the fusion and both ends of its junction: a sample may have two
    events of one name. Then come its exons, and where the junction lies: the last base of the 5'
    part, or the last residue whose codon is wholly of the 5' gene. Inserted bases and the codon
    across the junction follow.
    """
    from Bio.Seq import Seq
    from Bio.SeqRecord import SeqRecord

    for name, sample in zip(sample_names(samples), samples, strict=True):
        for event in sample.events:
            fused = event.fused
            if fused is None or (molecule == "peptide" and not fused.peptide):
                continue
            if molecule == "transcript":
                bases, place = fused.cdna, f"junction={fused.junction} cds={fused.cds_start or '?'}"
            else:
                bases = fused.peptide
                place = f"junction={fused.exit_aa} stop={fused.stop_site}"
            named = event.vicc_exons or event.vicc
            record = SeqRecord(
                Seq(bases),
                id=_identifier(name, event),
                description=f"{named} {event.reading_frame or 'frame_unknown'} {place}",
            )
            yield record.format("fasta")


def _identifier(sample: str, event: Kmt2aFusion) -> str:
    """One word that no other event has, whatever else was found."""
    ends = event.breakpoint_5prime, event.breakpoint_3prime
    parts = (sample, event.fusion, *map(str, ends))
    # An underscore would not do: samples may differ by nothing else.
    return re.sub(r"\s", "%20", "|".join(parts))
