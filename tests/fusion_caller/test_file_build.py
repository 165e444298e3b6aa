"""Places without a gene's name on KMT2A, in files of which nothing else tells the build.

Synthetic. Breaks lie in introns: 118,483,000 is in KMT2A's MANE intron 8 on GRCh38 and 118,353,700
on GRCh37, 87,060,000 and 87,981,000 are in AFF1 on either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion_caller.assign import assign
from fusion_caller.contigs import Build
from fusion_caller.placing import Genes, place_file
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Disposition, Flag, SampleFusions, Source, Verdict
from fusion_caller.rna_evidence import read_rna

if TYPE_CHECKING:
    from pathlib import Path

GENES = Genes()
VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
SQUID = (
    "# chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tname\tscore\tstrand1\tstrand2\t"
    "num_concordantfrag_bp1\tnum_concordantfrag_bp2\n"
)
INFUSION = (
    "#id\tref1\tbreak_pos1\tregion1\tref2\tbreak_pos2\tregion2\tnum_span\tnum_paired\tgenes_1\t"
    "genes_2\tfusion_class\n"
)
TOPHAT = "\t@\t11 25 \t@\tCT AG\t@\tTG AG\t@\t21 18 \t@\t21 17 \t@\t-6:1 11:0 \n"
# A file's header, and its row of a junction from KMT2A (`a`, 1-based) to AFF1 (`b`).
SOURCES = {
    Source.BEDPE: ("", "chr11\t{a0}\t{a}\tchr4\t{b0}\t{b}\tsv1\t60\t+\t-\n"),
    Source.VCF: (VCF, "chr11\t{a}\t.\tA\tA[chr4:{b}[\t.\tPASS\tSVTYPE=BND\n"),
    Source.CHIMERIC_JUNCTION: (
        "",
        "chr11\t{a1}\t+\tchr4\t{b0}\t+\t0\t0\t0\tread1\t{a0}\t60M41S\t{b}\t60S41M\n",
    ),
    Source.SQUID: (SQUID, "11\t{a0}\t{a}\t4\t{b0}\t{b}\t.\t40\t+\t-\t309\t93\n"),
    Source.TOPHAT_FUSION: ("", f"chr11-chr4\t{{a0}}\t{{b0}}\tff\t21\t8\t5\t0\t47\t43\t0.4{TOPHAT}"),
    Source.INFUSION: (
        INFUSION,
        "1\t11\t{a}\t[{a0},{a1}]\t4\t{b}\t[{b0},{b1}]\t21\t8\tnone\tnone\tinter-chromosomal\n",
    ),
}
every_source = pytest.mark.parametrize("source", SOURCES)


def read(
    folder: Path, source: Source, *junctions: tuple[int, int], stated: Build | None = None
) -> CallerFile:
    header, row = SOURCES[source]
    text = header + "".join(
        row.format(a0=a - 1, a=a, a1=a + 1, b0=b - 1, b=b, b1=b + 1) for a, b in junctions
    )
    path = folder / "f"
    path.write_text(text, encoding="utf-8")
    read = read_caller_file(path, name="f", patient="P1", sample="S1")
    assert (read.source, len(read.calls), read.n_refused) == (source, len(junctions), 0)
    return place_file(read, GENES, stated=stated)


def sample_of(file: CallerFile) -> SampleFusions:
    """Its sample as a run of many files sees it."""
    (sample,) = assign([file.kmt2a_only()], genes=GENES)
    return sample


@every_source
@pytest.mark.parametrize(
    ("build", "junction"),
    [
        (Build.GRCH38, (118_483_000, 87_060_000)),
        (Build.GRCH37, (118_353_700, 87_981_000)),
        # Another gene of 11q23 on GRCh38, UBE4A, is there too: the guess may be wrong.
        (Build.GRCH37, (118_380_000, 5_000_000)),
    ],
)
def test_the_only_build_with_kmt2a_there_is_guessed(
    tmp_path: Path, source: Source, build: Build, junction: tuple[int, int]
) -> None:
    file = read(tmp_path, source, junction)
    assert (file.build, file.set_aside) == (build, ())
    (one,) = file.calls
    assert "KMT2A" in (one.gene_5prime, one.gene_3prime)
    assert one.flags == (Flag.BUILD_GUESSED, Flag.GENE_BY_POSITION)
    (event,) = sample_of(file).events
    assert Flag.BUILD_GUESSED in event.flags
    assert read_rna(sample_of(file)).verdict in (Verdict.POSITIVE, Verdict.INCONCLUSIVE)
    assert place_file(file, GENES) == file


@every_source
def test_where_kmt2a_is_there_on_both_builds_its_rows_are_refused(
    tmp_path: Path, source: Source
) -> None:
    file = read(tmp_path, source, (118_483_000, 87_060_000), (118_353_700, 87_060_001))
    assert (file.build, file.calls) == ("", ())
    assert [
        (row.disposition, row.names_kmt2a, row.n_rows, row.sample) for row in file.set_aside
    ] == [(Disposition.REFUSED, True, 1, "S1")] * 2
    assert file.set_aside[0].reason == (
        "a place of no named gene lies within KMT2A if the file is on GRCh38, and nothing tells "
        "the file's build; state it with --build"
    )
    assert "on GRCh37, and" in file.set_aside[1].reason
    assert (file.n_rows, file.n_set_aside) == (2, 2)
    assert sample_of(file).unread_kmt2a_rows == 2
    assert read_rna(sample_of(file)).verdict is Verdict.NOT_UNDERSTOOD
    assert place_file(file, GENES) == file


@every_source
def test_a_stated_build_is_no_guess(tmp_path: Path, source: Source) -> None:
    file = read(
        tmp_path,
        source,
        (118_483_000, 87_060_000),
        (118_353_700, 87_060_001),
        stated=Build.GRCH38,
    )
    first, other = file.calls
    assert (file.build, file.set_aside) == ("GRCh38", ())
    assert (first.gene_5prime, first.flags) == ("KMT2A", (Flag.GENE_BY_POSITION,))
    assert "KMT2A" not in (other.gene_5prime, other.gene_3prime)


def test_exon_edges_tell_the_build_before_it_is_guessed(tmp_path: Path) -> None:
    # The end of KMT2A's exon 8 and the start of AFF1's exon 5 on GRCh38.
    file = read(tmp_path, Source.BEDPE, (118_482_495, 87_084_120), (118_353_700, 5_000_000))
    first, other = file.calls
    assert (file.build, file.set_aside) == ("GRCh38", ())
    assert (first.gene_5prime, first.gene_3prime, first.flags) == (
        "KMT2A",
        "AFF1",
        (Flag.GENE_BY_POSITION,),
    )
    assert "KMT2A" not in (other.gene_5prime, other.gene_3prime)


def test_the_build_of_a_file_without_kmt2a_is_not_guessed(tmp_path: Path) -> None:
    file = read(tmp_path, Source.BEDPE, (5_000_000, 87_060_000))
    assert (file.build, file.set_aside, file.calls[0].flags) == ("", (), ())
    assert read_rna(sample_of(file)).verdict is Verdict.NEGATIVE
