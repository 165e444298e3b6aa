"""An index of a genome: what is refused when it is made and when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fusion_caller.errors import InputError
from fusion_caller.gtf import read_gtf
from fusion_caller.reads.genome_index import VERSION, open_index
from fusion_caller.reads.index import Kind, ReadIndex, read_index
from fusion_caller.reads.make_genome_index import (
    Content,
    all_exons,
    content_of,
    make_index_file,
)
from fusion_caller.reads.store import pack

Make = Callable[..., Content]


@pytest.fixture
def make(made_genome: Any, tmp_path: Path) -> Make:
    def content(genome: Any = made_genome, gtf: str | None = None) -> Content:
        path = tmp_path / "genes.gtf"
        path.write_text(made_genome.gtf() if gtf is None else gtf, encoding="utf-8")
        return content_of(
            genome, read_gtf(path), all_exons(path), genome_name="g.fa", gtf_name="genes.gtf"
        )

    return content


def other(genome: Any, **changed: Any) -> Any:
    return replace(genome, lengths={**genome.lengths, **changed})


def test_what_is_held(make: Make, made_genome: Any) -> None:
    content = make()
    packaged = read_index()
    (transcript, *rest) = content.entries
    assert transcript.sequence == packaged.transcript
    edges = [e for e in rest if e.kind in (Kind.INTRON_START, Kind.INTRON_END)]
    assert [e.exon for e in edges if e.kind is Kind.INTRON_START] == list(range(1, 36))
    assert [e.exon for e in edges if e.kind is Kind.INTRON_END] == list(range(2, 37))
    partners = [e for e in rest if e not in edges]
    assert partners == [*packaged.of_kind(Kind.ENTRY), *packaged.of_kind(Kind.EXIT)]
    assert content.n_left_out == 0
    # Whole partners and KMT2A's neighbourhood, of the others the exons.
    whole = 2 * 200_000 + 118_526_832 - 118_436_492
    spans = [made_genome.genes[symbol][2] for symbol in ("AFF1", "MLLT3")]
    whole += sum(max(e for _, e in s) - min(b for b, _ in s) for s in spans)
    assert whole < content.bases.n_bases < whole + 30_000
    symbols = {gene.symbol: gene for gene in content.genes.all()}
    assert set(symbols) == set(made_genome.genes)
    contig, strand, exons = made_genome.genes["MLLT3"]
    gene = symbols["MLLT3"]
    assert gene.transcript is not None
    assert (gene.contig, gene.strand, gene.transcript.exons) == (contig, strand, exons)
    position = (exons[0][0] + exons[1][1]) // 2
    assert [g.symbol for g in content.genes.at(contig, position)] == ["MLLT3"]
    assert content.genes.at("chr99", position) == ()


def test_contigs_with_and_without_chr_are_the_same(make: Make, made_genome: Any) -> None:
    one, two = make(), make(gtf=made_genome.gtf(prefix=""))
    assert np.array_equal(one.bases.packed, two.bases.packed)
    assert one.genes.all() == two.genes.all()


def test_exons_of_every_transcript_are_held(make: Make, made_genome: Any) -> None:
    lines = made_genome.gtf().splitlines(keepends=True)
    exon = next(line for line in lines if '"NEW1"' in line and "\texon\t" in line)
    other_exon = exon.replace("\t1001\t1120\t", "\t2001\t2100\t").replace('tag "MANE_Select";', "")
    content = make(gtf="".join(lines) + other_exon.replace("ENST_NEW1.1", "ENST_NEW1B.1"))
    truth = made_genome.sequence("chr5", 2001, 2100, "+").encode()
    assert content.bases.sequence("chr5", 2001, 2100, "+") == truth
    assert make().bases.sequence("chr5", 2001, 2100, "+") == b"N" * 100


def test_letters_other_than_acgt_part_regions(make: Make, made_genome: Any) -> None:
    changed = replace(made_genome, pieces={k: bytearray(v) for k, v in made_genome.pieces.items()})
    changed.paint("chr5", 3_050, b"NRN")
    bases = make(changed).bases
    found = bases.sequence("chr5", 3_001, 3_150, "+")
    truth = made_genome.sequence("chr5", 3_001, 3_150, "+").encode()
    assert found == truth[:49] + b"NNN" + truth[52:]


def test_four_bases_make_a_byte() -> None:
    assert pack(np.frombuffer(b"ACTGG", np.uint8)).tolist() == [0b00_01_10_11, 0b11_00_00_00]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (
            {"chr11": 0},
            "g.fa: expected chr11, where KMT2A lies, found none; give the whole human genome",
        ),
        (
            {"chr5": 0, "chr9": 0},
            (
                "g.fa: expected the chromosomes that genes.gtf has genes on, found no chr5, chr9; "
                "give a genome and a GTF of one release"
            ),
        ),
        (
            {"chr5": 7_000},
            (
                "genes.gtf: expected positions from 1 to 7000 on chr5 as g.fa has them, "
                "found 7400; give a genome and a GTF of one release"
            ),
        ),
    ],
)
def test_a_genome_that_does_not_fit_is_refused(
    changed: dict[str, int], problem: str, make: Make, made_genome: Any
) -> None:
    with pytest.raises(InputError) as error:
        make(other(made_genome, **changed))
    assert str(error.value) == problem


def test_a_genome_without_kmt2as_bases_is_refused(make: Make, made_genome: Any) -> None:
    shifted = replace(
        made_genome,
        pieces={
            (contig, start + 7 * (contig == "chr11")): bases
            for (contig, start), bases in made_genome.pieces.items()
        },
    )
    with pytest.raises(InputError, match="expected KMT2A's exons at their places on GRCh38, found"):
        make(shifted)


def test_genes_on_contigs_that_the_genome_lacks_are_counted(make: Make, made_genome: Any) -> None:
    content = make(other(made_genome, chrUn_9=0))
    assert content.n_left_out == 1
    assert len(content.genes) == len(made_genome.genes) - 1


def test_a_gtf_of_grch37_is_named(made_genome: Any, tmp_path: Path) -> None:
    text = []
    for line in made_genome.gtf().splitlines():
        cells = line.split("\t")
        if cells[0] == "chr11":
            cells[3:5] = [str(int(cell) - 129_285) for cell in cells[3:5]]
        text.append("\t".join(cells) + "\n")
    gtf = tmp_path / "old.gtf"
    gtf.write_text("".join(text), encoding="utf-8")
    genome = made_genome.write_fasta(tmp_path / "g.fa")
    with pytest.raises(InputError) as error:
        make_index_file(genome, gtf)
    assert str(error.value) == (
        f"{gtf}: expected KMT2A where GRCh38 has it, found it where GRCh37 does; "
        "give the GTF and the genome of GRCh38"
    )


def test_an_exon_without_positions_is_named_by_its_line(tmp_path: Path) -> None:
    gtf = tmp_path / "g.gtf"
    gtf.write_text("chr1\tx\texon\t1\tten\t.\t+\t.\t\n", encoding="ascii")
    with pytest.raises(InputError) as error:
        all_exons(gtf)
    assert str(error.value) == f"{gtf}, line 1: expected an exon with a start and an end"


def damaged(content: bytes, how: str) -> bytes:
    head, _, rest = content.partition(b"\n")
    return {
        "version": content.replace(b"version=" + VERSION.encode(), b"version=9", 1),
        "cut": content[:-100],
        "cut early": content[:150],
        "cut in the header": content[:20],
        "changed": head + b"\n" + rest[:-500] + bytes([rest[-500] ^ 1]) + rest[-499:],
        "json": head + b"\n[]" + rest[2:],
        "packaged": b"#kmt2a-read-index version=1\n",
        "empty": b"",
    }[how]


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("version", "expected an index of version 1, found 9; make it by `kmt2a index`"),
        ("cut", "the index is cut off: expected "),
        ("cut early", "the index is not what its checksum says; copy it again, or make it by"),
        ("cut in the header", "expected an index of version 1, found none; make it by"),
        ("changed", "the index is not what its checksum says; copy it again, or make it by"),
        ("json", "the index is not what its checksum says; copy it again, or make it by"),
        ("packaged", "expected an index of `kmt2a detect`; make it by `kmt2a index`"),
        ("empty", "expected an index of `kmt2a detect`; make it by `kmt2a index`"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    how: str, problem: str, whole: ReadIndex, tmp_path: Path
) -> None:
    path = tmp_path / "x.index"
    path.write_bytes(damaged(Path(whole.file).read_bytes(), how))
    with pytest.raises(InputError) as error:
        open_index(path)
    assert str(error.value).startswith(f"{path}: {problem}")


def test_without_a_path_it_is_the_packaged_one() -> None:
    index = open_index(None)
    assert (index.genome, index.file) == (None, "")
    assert index.checksum == read_index().checksum
