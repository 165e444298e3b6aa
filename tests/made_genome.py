"""A genome in memory that is N but for a few genes, and the GTF that goes with it.

KMT2A's exons have their own bases at their own places; everything else is random, whole genes of
partners as they lie on GRCh38 among it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_caller.contigs import Build, length_of
from fusion_caller.knowledge import kmt2a_exons, partner_exons
from fusion_caller.reads.index import complement, read_index

if TYPE_CHECKING:
    from pathlib import Path

KMT2A_SPAN = (118_436_492, 118_526_832)
_AROUND = 210_000
# Genes that no table knows, on contigs of their own: spans of exons on the plus strand.
NEW = ((1_001, 1_120), (3_001, 3_150), (5_001, 5_120), (7_001, 7_400))


@dataclass
class MadeGenome:
    """Answers as `fusion_caller.genome.Genome` does.

    Attributes:
        lengths: Of the contigs.
        pieces: What is not N: contig and first position to bases.
        genes: Symbol to contig, strand and exons in the order of transcription.
    """

    lengths: dict[str, int] = field(default_factory=dict)
    pieces: dict[tuple[str, int], bytearray] = field(default_factory=dict)
    genes: dict[str, tuple[str, str, tuple[tuple[int, int], ...]]] = field(default_factory=dict)

    def length(self, contig: str) -> int:
        return self.lengths.get(contig, 0)

    def sequence(self, contig: str, start: int, end: int, strand: str) -> str:
        found = bytearray(b"N" * (end - start + 1))
        for (own, first), bases in self.pieces.items():
            low, high = max(start, first), min(end, first + len(bases) - 1)
            if own == contig and low <= high:
                found[low - start : high - start + 1] = bases[low - first : high - first + 1]
        return (bytes(found) if strand == "+" else complement(bytes(found))).decode()

    def paint(self, contig: str, start: int, bases: bytes) -> None:
        """Put bases where a piece is."""
        for (own, first), piece in self.pieces.items():
            if own == contig and first <= start < first + len(piece):
                piece[start - first : start - first + len(bases)] = bases

    def exon(self, symbol: str, number: int) -> bytes:
        """An exon in the direction of transcription."""
        contig, strand, exons = self.genes[symbol]
        return self.sequence(contig, *exons[number - 1], strand).encode()

    def spliced(self, symbol: str, first: int, last: int | None = None) -> bytes:
        """A transcript from one exon to another."""
        exons = range(first, (last or len(self.genes[symbol][2])) + 1)
        return b"".join(self.exon(symbol, number) for number in exons)

    def gtf(self, prefix: str = "chr") -> str:
        """The genes as GENCODE writes them, or with another prefix of the contigs."""
        lines = []
        for symbol, (contig, strand, exons) in self.genes.items():
            attributes = (
                f'gene_id "ENSG_{symbol}.1"; transcript_id "ENST_{symbol}.1"; '
                f'gene_name "{symbol}"; gene_type "protein_coding"; tag "MANE_Select";'
            )
            spans = [(min(s for s, _ in exons), max(e for _, e in exons)), *exons]
            for kind, (start, end) in zip(["gene", *["exon"] * len(exons)], spans, strict=True):
                name = contig if "_" in contig else prefix + contig.removeprefix("chr")
                cells = (name, "made", kind, start, end, ".", strand, ".", attributes)
                lines.append("\t".join(map(str, cells)) + "\n")
        return "".join(lines)

    def write_fasta(self, path: Path) -> Path:
        """Write it with its index; what is N is a hole in the file, and read as no base."""
        at, rows = 0, []
        with path.open("wb") as stream:
            for contig, length in self.lengths.items():
                head = f">{contig}\n".encode()
                stream.write(head)
                at += len(head)
                for (own, first), bases in self.pieces.items():
                    if own == contig:
                        stream.seek(at + first - 1)
                        stream.write(bases)
                rows.append(f"{contig}\t{length}\t{at}\t{length}\t{length + 1}\n")
                at += length
                stream.seek(at)
                stream.write(b"\n")
                at += 1
        path.with_name(f"{path.name}.fai").write_text("".join(rows), encoding="ascii")
        return path


def random_bases(n: int, seed: int) -> bytes:
    return bytes(random.Random(seed).choices(b"ACGT", k=n))  # noqa: S311 - no secret


def made_genome() -> MadeGenome:
    """KMT2A, two partners, and genes that look like a partner or are none."""
    genome = MadeGenome()
    genome.lengths["chr11"] = length_of("chr11", Build.GRCH38) or 0
    start, end = KMT2A_SPAN
    around = random_bases(end - start + 2 * _AROUND, 1)
    genome.pieces["chr11", start - _AROUND] = bytearray(around)
    exons = tuple((exon.start_grch38, exon.end_grch38) for exon in kmt2a_exons())
    rest = read_index().transcript
    for first, last in exons:
        genome.paint("chr11", first, rest[: last - first + 1])
        rest = rest[last - first + 1 :]
    genome.genes["KMT2A"] = ("chr11", "+", exons)
    for number, symbol in enumerate(("AFF1", "MLLT3"), 2):
        known = partner_exons()[symbol]
        spans = tuple((exon.start, exon.end) for exon in known)
        low, high = min(s for s, _ in spans) - 500, max(e for _, e in spans) + 500
        genome.lengths[known[0].contig] = high + 10_000
        genome.pieces[known[0].contig, low] = bytearray(random_bases(high - low, number))
        genome.genes[symbol] = (known[0].contig, known[0].strand, spans)
    for number, symbol in enumerate(("NEW1", "TWIN1", "TWIN2", *(f"COPY{n}" for n in range(6))), 5):
        _add_new(genome, symbol, f"chr{number}" if number < 9 else f"chrUn_{number}", number)
    twin = genome.spliced("TWIN1", 1)
    copied = genome.exon("COPY0", 2)
    for symbol, bases, first in (
        ("TWIN2", twin, 1),
        *((f"COPY{n}", copied, 2) for n in range(1, 6)),
    ):
        contig, _, spans = genome.genes[symbol]
        at = 0
        for low, high in spans[first - 1 :]:
            genome.paint(contig, low, bases[at : at + high - low + 1])
            at += high - low + 1
    # A gene with the last 45 bases of KMT2A's exon 9 in one of its exons, and other ones behind.
    _add_new(genome, "RELATED", "chr12", 30)
    contig, _, spans = genome.genes["RELATED"]
    genome.paint(contig, spans[1][0] + 30, genome.exon("KMT2A", 9)[-45:])
    _add_new(genome, "MT-NEW", "chrM", 31)
    genome.genes["NEXT"] = ("chr11", "+", ((end + 5_001, end + 5_200), (end + 6_001, end + 6_200)))
    return genome


def _add_new(genome: MadeGenome, symbol: str, contig: str, seed: int) -> None:
    genome.lengths[contig] = 9_000
    genome.pieces[contig, 101] = bytearray(random_bases(8_800, seed))
    genome.genes[symbol] = (contig, "+", NEW)
