"""A GTF and a genome given to the commands: partners that are not packaged, and what is made."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pysam
import pytest
from Bio import SeqIO
from Bio.Seq import reverse_complement
from click.testing import CliRunner, Result

from fusion_caller.errors import InputError
from fusion_caller.knowledge import kmt2a_exons
from workflows.cli import cli

if TYPE_CHECKING:
    from Bio.SeqRecord import SeqRecord

CDNA = Path(__file__).parents[1] / "data" / "kmt2a_cdna" / "KMT2A-213.fa"
# A gene on the minus strand of a small contig: three exons of 90 bases, the start codon first. Its
# own frame is open to its stop codon; both others hold stop codons (TGA, TAG).
NEW1 = ((2001, 2090), (1501, 1590), (1001, 1090))
BASES = "ATGATTAGC" + "CTGATTAGC" * 28 + "CTGATTTAA"
E8_END, E9_END = 118_482_495, 118_484_314
STAR_FUSION = (
    "#FusionName\tJunctionReadCount\tSpanningFragCount\tSpliceType\tLeftGene\tLeftBreakpoint\t"
    "RightGene\tRightBreakpoint\tLargeAnchorSupport\n"
)


def kmt2a(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def records(path: Path) -> list[SeqRecord]:
    with path.open(encoding="utf-8") as stream:
        return list(SeqIO.parse(stream, "fasta"))


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def genome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """KMT2A's exons and the new gene's on contigs that are otherwise N."""
    cdna = "".join(CDNA.read_text(encoding="utf-8").splitlines()[1:])[2:]
    chr11 = bytearray(b"N" * 135_086_622)
    for exon in kmt2a_exons():
        length = exon.end_grch38 - exon.start_grch38 + 1
        chr11[exon.start_grch38 - 1 : exon.end_grch38] = cdna[:length].encode()
        cdna = cdna[length:]
    small = bytearray(b"N" * 3000)
    for number, (start, end) in enumerate(NEW1):
        exon_bases = BASES[90 * number : 90 * (number + 1)]
        small[start - 1 : end] = str(reverse_complement(exon_bases)).encode()
    path = tmp_path_factory.mktemp("genome") / "genome.fa.gz"
    with pysam.BGZFile(str(path), "wb") as stream:
        for name, whole in ((b"chr11", chr11), (b"chrNEW", small)):
            stream.write(b">" + name + b"\n")
            for at in range(0, len(whole), 1_000_000):
                stream.write(bytes(whole[at : at + 1_000_000]) + b"\n")
    return path


@pytest.fixture
def gtf(tmp_path: Path) -> Path:
    def line(feature: str, span: tuple[int, int], gene: str) -> str:
        contig, strand = ("chr11", "+") if gene == "KMT2A" else ("chrNEW", "-")
        fields = (contig, "test", feature, *span, ".", strand, ".")
        attributes = (
            f'gene_id "ENSG_{gene}.1"; transcript_id "ENST_{gene}.1"; gene_name "{gene}"; '
            'gene_type "protein_coding"; tag "MANE_Select";'
        )
        return "\t".join(map(str, (*fields, attributes))) + "\n"

    exons = kmt2a_exons()
    text = line("gene", (exons[0].start_grch38, exons[-1].end_grch38), "KMT2A")
    for exon in exons:
        text += line("exon", (exon.start_grch38, exon.end_grch38), "KMT2A")
    text += line("gene", (1001, 2090), "NEW1")
    for span in NEW1:
        text += line("exon", span, "NEW1") + line("CDS", span, "NEW1")
    path = tmp_path / "genes.gtf"
    path.write_text(text, encoding="utf-8")
    return path


def call(gene: str, kmt2a_end: int, entry: int) -> str:
    return (
        f"KMT2A--{gene}\t20\t9\tONLY_REF_SPLICE\tKMT2A^ENSG00000118058\tchr11:{kmt2a_end}:+\t"
        f"{gene}^ENSG_NEW1.1\tchrNEW:{entry}:-\tYES_LDAS\n"
    )


def test_a_partner_that_is_not_packaged_gets_its_exon_from_the_gtf(
    tmp_path: Path, gtf: Path
) -> None:
    file = tmp_path / "S1.tsv"
    file.write_text(STAR_FUSION + call("NEW1", E8_END, 1590), encoding="utf-8")
    assert kmt2a("calls", file, "--gtf", gtf, "-o", tmp_path / "calls").exit_code == 0
    for given, exon, frame in (((), "", ""), (("--gtf", gtf), "e2", "in-frame")):
        done = kmt2a("assign", tmp_path / "calls/calls.tsv", *given, "-o", tmp_path / "out")
        assert done.exit_code == 0
        (event,) = rows(tmp_path / "out/kmt2a.tsv")
        assert (event["fusion"], event["kmt2a_exon"]) == ("KMT2A::NEW1", "e8")
        assert (event["partner_exon"], event["reading_frame"]) == (exon, frame)
        assert event["flags"] == "partner_not_known"
    assert event["partner_transcript"] == "ENST_NEW1.1"
    assert event["frame_basis"] == "phase"
    assert event["hgvs"] == "NM_001197104.2:r.?_4086::ENST_NEW1.1:r.91_?"


def test_a_gene_without_a_name_is_named_by_the_gtf(tmp_path: Path, gtf: Path) -> None:
    file = tmp_path / "S1.tsv"
    file.write_text(STAR_FUSION + call("RP11-123A4.5", E8_END, 1590), encoding="utf-8")
    assert kmt2a("calls", file, "--gtf", gtf, "-o", tmp_path).exit_code == 0
    (named,) = rows(tmp_path / "calls.tsv")
    assert (named["gene_3prime"], named["reported_3prime"]) == ("NEW1", "RP11-123A4.5")
    assert named["flags"] == "gene_by_position"


def test_the_fused_transcript_is_read_and_translated(
    tmp_path: Path, gtf: Path, genome: Path
) -> None:
    sheet = tmp_path / "samplesheet.csv"
    sheet.write_text(
        "patient,sample,source,file\nP1,P1-d0,auto,in.tsv\nP2,P2-d0,auto,out.tsv\n",
        encoding="utf-8",
    )
    (tmp_path / "in.tsv").write_text(STAR_FUSION + call("NEW1", E9_END, 1590), encoding="utf-8")
    # Ten bases into the exon: the phases differ, and a stop codon follows.
    (tmp_path / "out.tsv").write_text(STAR_FUSION + call("NEW1", E9_END, 1580), encoding="utf-8")
    out = tmp_path / "out"
    done = kmt2a("run", "--samplesheet", sheet, "--gtf", gtf, "--genome", genome, "-o", out)
    assert done.exit_code == 0
    inside, outside = rows(out / "calls/kmt2a.tsv")
    assert (inside["reading_frame"], inside["frame_basis"]) == ("in-frame", "sequence")
    assert (outside["reading_frame"], outside["frame_basis"]) == ("out-of-frame", "sequence")
    assert (outside["partner_site"], outside["partner_distance"]) == ("exon", "-10")
    assert "out_of_frame" in outside["flags"].split(";")
    transcripts, peptides = (records(out / f"calls/fusions.{end}") for end in ("fa", "faa"))
    assert [record.id for record in peptides] == [
        "P1-d0|KMT2A::NEW1|chr11:118484314:+|chrNEW:1590:-",
        "P2-d0|KMT2A::NEW1|chr11:118484314:+|chrNEW:1580:-",
    ]
    # 1,406 residues of KMT2A's exons 1 to 9, 60 codons of exons 2 and 3, the last a stop.
    assert len(peptides[0]) == 1406 + 59
    assert peptides[0].seq.endswith("LISLI")
    assert str(transcripts[0].seq).endswith(BASES[90:])
    assert len(peptides[1]) < 1406 + 10


def test_a_gtf_and_files_of_different_builds(tmp_path: Path, gtf: Path) -> None:
    file = tmp_path / "S1.tsv"
    file.write_text(STAR_FUSION + call("NEW1", 118_353_210, 1590), encoding="utf-8")
    assert kmt2a("calls", file, "--gtf", gtf, "-o", tmp_path).exit_code == 0
    assert kmt2a("assign", tmp_path / "calls.tsv", "--gtf", gtf, "-o", tmp_path).exit_code == 0
    (event,) = rows(tmp_path / "kmt2a.tsv")
    # The GTF's positions are on GRCh38 and say nothing of a file on GRCh37.
    assert (event["build"], event["kmt2a_exon"], event["partner_exon"]) == ("GRCh37", "e8", "")


def test_a_stated_build_that_contradicts_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "S1.tsv"
    file.write_text(STAR_FUSION + call("NEW1", 118_353_210, 1590), encoding="utf-8")
    with pytest.raises(InputError) as error:
        kmt2a("calls", file, "--build", "grch38", "-o", tmp_path / "out")
    assert error.value.line == 2
    assert error.value.problem == (
        "expected positions on GRCh38, found KMT2A at a position of GRCh37"
    )
    assert not (tmp_path / "out").exists()


def test_a_genome_of_another_build_than_the_gtf_is_refused(tmp_path: Path, gtf: Path) -> None:
    genome = tmp_path / "other.fa"
    genome.write_text(">chr11\n" + "ACGT" * 10 + "\n", encoding="utf-8")
    file = tmp_path / "S1.tsv"
    file.write_text(STAR_FUSION, encoding="utf-8")
    kmt2a("calls", file, "-o", tmp_path)
    with pytest.raises(InputError, match="expected chr11 to have 135086622"):
        kmt2a(
            "assign", tmp_path / "calls.tsv", "--gtf", gtf, "--genome", genome, "-o", tmp_path / "o"
        )
