"""Fused transcripts and their peptides as FASTA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion_caller.records import SampleFusions

Molecule = Literal["transcript", "peptide"]


def fasta_lines(samples: Iterable[SampleFusions], molecule: Molecule) -> Iterator[str]:
    """A record for each event whose fused transcript was read; with line breaks.

    The header holds the sample, the fusion, its exons, and where the junction lies: the last base
    of the 5' part, or the last residue whose codon is wholly of the 5' gene. Inserted bases and the
    codon across the junction follow.
    """
    from Bio.Seq import Seq
    from Bio.SeqRecord import SeqRecord

    for sample in samples:
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
                id=f"{sample.sample}|{event.fusion}".replace(" ", "_"),
                description=f"{named} {event.reading_frame or 'frame_unknown'} {place}",
            )
            yield record.format("fasta")
