"""A simulated sample: background, what looks like fusions, and fusions, as FASTQ with the truth.

Every event comes at each support as fragments of its own. A junction pair is a pair of reads of
which one has at least `anchor` bases on either side of the junction (and all that is inserted
between), as the depth that `kmt2a detect` reports is counted; no other fragments of the fused
transcript are made. Programs that take a fragment at a time see all of them in one file; what they
say of some events at one support is scored without that of the others, by `batches`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.knowledge import KMT2A
from simulation.artefacts import Artefact, artefacts
from simulation.events import simulated_events
from simulation.fragments import across, of_transcripts, read_names, write_fastq
from simulation.genome import RELATED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulation.events import Event
    from simulation.fragments import Fragments
    from simulation.genome import Genome

# The number of the group that is the background.
BACKGROUND = 0
SUPPORTS = (1, 2, 3, 5, 10, 30)
ANCHOR = 16
# Of the transcriptome's fragments in leukaemia, about (from memory); in small samples more, so
# that there is something to judge.
_SHARE_OF_KMT2A = 3e-4
_LEAST_OF_KMT2A = 500
# Spread of expression over genes, of the natural logarithm (from memory: near two).
_SPREAD = 2.0
COLUMNS = (
    *("kind", "event", "n_pairs", "gene_5prime", "exon_5prime", "gene_3prime", "exon_3prime"),
    *("breakpoint_5prime", "breakpoint_3prime", "inserted", "left", "right", "reads"),
)
_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fragments of one cause.

    Attributes:
        event: The fusion that they show.
        artefact: What they are else; neither in the background.
        fragments: The fragments.
        first: The number of the first one in the files.
    """

    event: Event | None = None
    artefact: Artefact | None = None
    fragments: Fragments
    first: int

    @property
    def n(self) -> int:
        """How many fragments."""
        return len(self.fragments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample.

    Attributes:
        genome: Whose genes it expresses.
        groups: Its fragments, in the order of the files.
        length: Of its reads.
        seed: Of its chance.
    """

    genome: Genome
    groups: tuple[Group, ...]
    length: int
    seed: int

    @property
    def n_pairs(self) -> int:
        """How many pairs of reads."""
        return sum(group.n for group in self.groups)

    def write(self, paths: tuple[Path, Path]) -> dict[tuple[bytes, ...], int]:
        """Write R1 and R2, packed by gzip.

        Returns:
            For each pair of reads that is not of the background the number of its group.
        """
        return write_fastq(
            [group.fragments for group in self.groups],
            paths,
            length=self.length,
            seed=self.seed,
            remember_from=1,
        )

    def write_truth(self, path: Path) -> None:
        """Write a row for each event at each support and for each group of artefacts."""
        with path.open("w", encoding="ascii", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(_truth(group) for group in self.groups if _is_told(group))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Events at one support that can be judged in one sample, by the number of their group."""

    n_pairs: int
    events: dict[int, Event]

    @property
    def parts(self) -> set[str]:
        """Exons of KMT2A and other genes that its events take."""
        return set().union(*map(_parts, self.events.values()))


def batches(sample: Sample) -> list[Batch]:
    """The events of a sample such that no two of a batch share an exon of KMT2A or a partner."""
    made: list[Batch] = []
    for number, group in enumerate(sample.groups):
        event = group.event
        if event is None:
            continue
        own = _parts(event)
        free = (b for b in made if b.n_pairs == group.n and own.isdisjoint(b.parts))
        home = next(free, None)
        if home is None:
            home = Batch(n_pairs=group.n, events={})
            made.append(home)
        home.events[number] = event
    return made


def _parts(event: Event) -> set[str]:
    """Exons of KMT2A and other genes that an event takes."""
    sides = ((event.gene_5prime, event.exon_5prime), (event.gene_3prime, event.exon_3prime))
    return {f"{gene} e{exon}" if gene == KMT2A else gene for gene, exon in sides}


def _is_told(group: Group) -> bool:
    return group.event is not None or group.artefact is not None


def _truth(group: Group) -> dict[str, object]:
    names = ";".join(read_names(group.first, group.n))
    event = group.event
    if event is None:
        return {"kind": group.artefact, "n_pairs": group.n, "reads": names}
    return {
        "kind": event.kind,
        "event": event.name,
        "n_pairs": group.n,
        "gene_5prime": event.gene_5prime,
        "exon_5prime": event.exon_5prime,
        "gene_3prime": event.gene_3prime,
        "exon_3prime": event.exon_3prime,
        "breakpoint_5prime": event.breakpoint_5prime,
        "breakpoint_3prime": event.breakpoint_3prime,
        "inserted": event.inserted.tobytes().decode(),
        "left": event.left[-_SHOWN:].tobytes().decode(),
        "right": event.right[:_SHOWN].tobytes().decode(),
        "reads": names,
    }


def make_sample(
    genome: Genome,
    n_background: int,
    *,
    seed: int,
    length: int = 100,
    anchor: int = ANCHOR,
    supports: Sequence[int] = SUPPORTS,
) -> Sample:
    """Choose the fragments of a sample.

    Args:
        genome: Whose genes it expresses.
        n_background: Fragments of other genes than KMT2A, its related ones and the events'.
        seed: Of its chance.
        length: Of the reads, 50 to 300.
        anchor: The fewest bases of a read on either side of a junction.
        supports: With how many junction pairs each event comes.
    """
    rng = np.random.default_rng((seed, 3))
    others = [g for s, g in genome.genes.items() if g is not genome.kmt2a and s not in RELATED]
    expression = rng.lognormal(0, _SPREAD, len(others))
    transcripts = [gene.transcript for gene in others]
    groups = [Group(fragments=of_transcripts(transcripts, expression, n_background, rng), first=0)]
    first = n_background
    n_plain = max(_LEAST_OF_KMT2A, round(_SHARE_OF_KMT2A * n_background))
    for artefact, fragments in artefacts(genome, n_plain, rng, length=length):
        groups.append(Group(artefact=artefact, fragments=fragments, first=first))
        first += len(fragments)
    for event in simulated_events(genome):
        before = event.left.size
        behind = before + event.inserted.size
        last = min(behind + anchor, before - anchor + length, event.template.size)
        # All of one event's at once: no fragment comes twice.
        made = across(event.template, before - anchor, last, sum(supports), rng, length=length)
        for n, end in zip(supports, accumulate(supports), strict=True):
            fragments = made.part(end - n, end)
            groups.append(Group(event=event, fragments=fragments, first=first))
            first += n
    return Sample(genome=genome, groups=tuple(groups), length=length, seed=seed)
