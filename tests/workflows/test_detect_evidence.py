"""The evidence of `kmt2a detect` to look at: BAM, FASTA and BED, the picture, the page."""

from __future__ import annotations

import base64
import csv
import gzip
import re
import struct
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pysam
import pytest

from fusion_caller.reads.detection import detect, resolve
from fusion_caller.reads.index import Kind, complement, read_index
from fusion_caller.reads.judge import Confidence
from fusion_caller.reads.pileup import pileups
from outcomes.figures.page import figure_svg
from workflows.commands.detect import run_detect
from workflows.evidence_picture import MOST_SHOWN, caption_of, evidence_figure
from workflows.report.detect_page import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Chromium

    from fusion_caller.reads.pileup import Pileup

ROOT = Path(__file__).parents[2]
EOL1 = tuple(ROOT / f"tests/data/kmt2a_reads/SRR8616218_KMT2A_{n}.fastq.gz" for n in (1, 2))
PTD = "KMT2A_e8__KMT2A_e2_1"


@pytest.fixture(scope="module")
def eol1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of EOL-1."""
    folder = tmp_path_factory.mktemp("eol1") / "out"
    run_detect(EOL1, folder, sample="EOL-1")
    return folder


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a sample with a known and an unknown partner, and a hostile name."""
    index, folder = read_index(), tmp_path_factory.mktemp("two")
    end = index.exon_ends[8]
    own = index.transcript[end - 500 : end]
    entry = next(e.sequence for e in index.of_kind(Kind.ENTRY) if e.label == "MLLT3 e6")
    # A stretch of a gene that no index of KMT2A's partners holds: the other strand of exon 27.
    stranger = complement(index.transcript[6000:6150])[::-1]
    pairs = []
    for whole, n in ((own + entry, 12), (own + stranger, 8)):
        for start in range(405, 405 + 7 * n, 7):
            pairs += [(whole[start : start + 100], complement(whole[start - 90 : start + 10]))]
    for side in (0, 1):
        records = (
            b"@made:%d\n%s\n+\n%s\n" % (n, pair[side], b"F" * len(pair[side]))
            for n, pair in enumerate(pairs)
        )
        (folder / f"S<b>&_R{side + 1}.fastq.gz").write_bytes(gzip.compress(b"".join(records)))
    files = (folder / "S<b>&_R1.fastq.gz", folder / "S<b>&_R2.fastq.gz")
    run_detect(files, folder / "out", sample="S-1")
    return folder / "out"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def reads_of(folder: Path) -> Iterator[pysam.AlignedSegment]:
    with pysam.AlignmentFile(str(folder / "evidence/evidence.bam")) as stream:
        yield from stream


@pytest.mark.parametrize("which", ["eol1", "two"])
def test_alignments_agree_with_the_fasta_and_with_their_mates(
    which: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(which)
    contigs = [row["contig"] for row in table(folder / "evidence/evidence.tsv")]
    assert len(contigs) == (1 if which == "eol1" else 2)
    with pysam.FastaFile(str(folder / "evidence/evidence.fa")) as fasta:
        assert fasta.references == contigs
        sequences = {name: fasta.fetch(name) for name in contigs}
    with pysam.AlignmentFile(str(folder / "evidence/evidence.bam")) as stream:
        assert stream.check_index()
        assert dict(zip(stream.references, stream.lengths, strict=True)) == {
            name: len(sequence) for name, sequence in sequences.items()
        }
        assert stream.mapped > 20
        assert "PG" not in stream.header.to_dict()
        assert "RG" not in stream.header.to_dict()
    by_name: dict[str, list[pysam.AlignedSegment]] = {}
    for read in reads_of(folder):
        by_name.setdefault(str(read.query_name), []).append(read)
    for name, pair in by_name.items():
        assert re.fullmatch(r"call\d+\.fragment\d+", name)
        one, other = pair
        assert {one.is_read1, other.is_read1} == {True, False}
        for read, mate in ((one, other), (other, one)):
            assert read.query_qualities is None
            assert read.is_paired
            assert read.mate_is_unmapped == mate.is_unmapped
            assert (read.next_reference_id, read.next_reference_start) == (
                mate.reference_id,
                mate.reference_start,
            )
            assert read.template_length == -mate.template_length
            if mate.is_mapped:
                assert read.mate_is_reverse == mate.is_reverse
                assert read.get_tag("MC") == mate.cigarstring
            if read.is_mapped:
                assert read.infer_query_length() == read.query_length
                above = sequences[str(read.reference_name)]
                shown = zip(
                    read.query_alignment_sequence or "",
                    above[read.reference_start : read.reference_end],
                    strict=True,
                )
                assert read.get_tag("NM") == sum(a != b for a, b in shown)


def test_reads_are_those_that_were_sequenced(eol1: Path) -> None:
    sequenced: set[str] = set()
    for path in EOL1:
        sequenced.update(gzip.decompress(path.read_bytes()).decode().splitlines()[1::4])
    reads = [str(read.get_forward_sequence()) for read in reads_of(eol1)]
    assert len(reads) == 142
    assert set(reads) <= sequenced


def test_samtools_finds_nothing_to_mend(eol1: Path, tmp_path: Path) -> None:
    bam = str(eol1 / "evidence/evidence.bam")
    assert pysam.quickcheck("-v", bam) == ""
    by_name, mended, again = (str(tmp_path / name) for name in ("n.bam", "m.bam", "s.bam"))
    pysam.sort("-n", "-o", by_name, bam)
    pysam.fixmate("-m", by_name, mended)
    pysam.sort("-o", again, mended)

    def fields(path: str) -> list[list[str]]:
        return sorted(line.split("\t")[:11] for line in pysam.view(path).splitlines())

    assert fields(again) == fields(bam)


def test_no_file_of_a_genome_browser_names_the_sample(eol1: Path) -> None:
    for path in (eol1 / "evidence").iterdir():
        if path.name != "evidence.tsv":
            content = path.read_bytes()
            plain = gzip.decompress(content) if path.suffix == ".bam" else content
            assert b"EOL" not in plain
            assert b"SRR" not in plain


def test_bed_lies_within_its_contigs(two: Path) -> None:
    with pysam.FastaFile(str(two / "evidence/evidence.fa")) as fasta:
        lengths = dict(zip(fasta.references, fasta.lengths, strict=True))
    rows = [
        line.split("\t")
        for line in (two / "evidence/evidence.bed").read_text(encoding="utf-8").splitlines()
    ]
    assert (
        {row[0] for row in rows}
        == set(lengths)
        == {
            "KMT2A_e9__MLLT3_e6_1",
            "KMT2A_e9__unknown_2",
        }
    )
    for name, start, end, *_ in rows:
        assert 0 <= int(start) < int(end) <= lengths[name]
    assert sum(row[3] == "join" for row in rows) == 2


def test_readme_has_two_lines(eol1: Path) -> None:
    text = (eol1 / "evidence/README.txt").read_text(encoding="utf-8")
    assert text.count("\n") == 2
    for name in re.findall(r"evidence\.\w+", text):
        assert (eol1 / "evidence" / name).is_file()


def test_pictures_are_there_in_both_forms(two: Path) -> None:
    for row in table(two / "evidence/evidence.tsv"):
        svg = (two / "evidence" / row["picture"]).read_text(encoding="utf-8")
        assert svg.startswith("<?xml")
        png = (two / "evidence" / row["picture"]).with_suffix(".png").read_bytes()
        assert png.startswith(b"\x89PNG")
        width, _ = struct.unpack(">II", png[16:24])
        assert width == int(180 / 25.4 * 300)


def letters(pileup: Pileup) -> list[str]:
    """The texts of a picture."""
    return [text.get_text() for axes in evidence_figure(pileup).axes for text in axes.texts]


def test_a_picture_shows_what_it_should() -> None:
    index = read_index()
    (pileup,) = pileups(detect(EOL1, index))
    said = letters(pileup)
    assert said.count("KMT2A") == 2
    assert [text for text in said if re.fullmatch(r"e\d+", text)] == ["e6", "e7", "e8", "e2", "e3"]
    join = pileup.contig.join
    bases = [text for text in said if re.fullmatch("[ACGT]", text)]
    strip = pileup.contig.sequence[join - 40 : join + 40].decode()
    assert "".join(bases[:80]) == strip
    assert said[0] == "KMT2A e8::KMT2A e2 (high confidence)"
    assert caption_of(pileup) == (
        "58 distinct fragments across the join, 10 around it, and 3 copies of them; 40 are drawn, "
        "28 are not. Exons by KMT2A ENST00000534358."
    )
    svg = figure_svg(evidence_figure(pileup))
    assert svg == figure_svg(evidence_figure(pileup))


def test_few_fragments_are_all_drawn_and_one_is_one() -> None:
    index = read_index()
    found = detect(EOL1, index)
    (judged,) = found.calls
    first = min(judged.candidate.fragments)
    found.screened.kept[:] = [found.screened.kept[first]]
    (pileup,) = pileups(resolve(found.screened, index))
    assert len(pileup.distinct) == 1 < MOST_SHOWN
    assert caption_of(pileup).startswith("1 distinct fragment across the join, 0 around it. Exons")
    drawn = [text for text in letters(pileup) if re.fullmatch("\u00d7\\d+", text)]
    assert not drawn


def page_of(folder: Path) -> str:
    return (folder / "detect.html").read_text(encoding="utf-8")


def test_page_of_a_duplication(eol1: Path) -> None:
    page = page_of(eol1)
    assert "KMT2A in the reads of EOL-1" in page
    assert "Partial tandem duplication found \u00b7 confidence <b>high</b>" in page
    assert (
        "Partial tandem duplication of KMT2A: the end of exon 8 is joined to the beginning of "
        "exon 2; confidence high." in page
    )
    assert "58 distinct fragments across the join, 10 around it" in page
    svg = (eol1 / f"evidence/{PTD}.svg").read_bytes()
    assert page.count(base64.b64encode(svg).decode()) == 1
    depth = re.findall(r'<tr><td>e(\d+)</td><td class="n">([\d,]+)</td>', page)
    assert [exon for exon, _ in depth] == ["7", "8", "9", "10", "11", "12"]
    assert dict(depth)["8"] == "166"
    assert "To look up what is beside KMT2A" not in page
    assert "AFF1, " in page
    assert "USP2" in page.partition("Known partners that it cannot name")[2]
    assert "17,026 pairs" in page


def test_page_of_two_calls_escapes_names_and_prints_what_to_look_up(two: Path) -> None:
    page = page_of(two)
    assert "S<b>" not in page
    assert "S&lt;b&gt;&amp;_R1.fastq.gz:1" in page
    assert "Exon 9 of KMT2A is joined to exon 6 of MLLT3; confidence high; 1 more below." in page
    (beside,) = re.findall(r'<pre class="sequence">&gt;beside_KMT2A\n([ACGT]+)</pre>', page)
    with pysam.FastaFile(str(two / "evidence/evidence.fa")) as fasta:
        whole = fasta.fetch("KMT2A_e9__unknown_2")
    assert whole.endswith(beside)
    assert len(beside) >= 30
    assert len(whole) - len(beside) == 1000


def test_page_without_a_call(tmp_path: Path) -> None:
    rna = read_index().transcript
    reads = [rna[start : start + 100] for start in range(3000, 5000, 10)]
    records = (b"@r%d\n%s\n+\n%s\n" % (n, read, b"F" * 100) for n, read in enumerate(reads))
    (tmp_path / "S1.fastq").write_bytes(b"".join(records) * 3)
    found = run_detect((tmp_path / "S1.fastq",), tmp_path / "out")
    page = page_of(tmp_path / "out")
    assert found.sentence[1:] in unescape(page)
    assert "No KMT2A fusion found" in page or "Not evaluable" in page
    assert "<img" not in page
    assert not (tmp_path / "out/evidence").exists()


def test_sentences_of_other_joins() -> None:
    index = read_index()
    exit_of = next(e for e in index.of_kind(Kind.EXIT) if e.symbol == "NUP98").sequence
    end = index.exon_ends[8]
    rna = index.transcript
    found = detect(EOL1, index)
    for left, right, sentence in (
        (
            b"GATTACCAGCATTGGCCATTGCAGTACCGATAACGT" * 3 + exit_of,
            rna[end : end + 300],
            "NUP98 is joined to exon 10 of KMT2A, as in the reciprocal of a fusion",
        ),
        (
            rna[index.exon_ends[20] - 300 : index.exon_ends[20]],
            rna[index.exon_ends[14] : index.exon_ends[14] + 300],
            "within KMT2A, exon 21 is joined back to exon 16",
        ),
    ):
        whole, join = left + right, len(left)
        found.screened.kept[:] = [
            (whole[join - 60 + n : join + 40 + n], complement(whole[join : join + 100 + n]))
            for n in range(0, 40, 4)
        ]
        (judged, *_) = resolve(found.screened, index).calls
        assert sentence_of(judged, index) == sentence


def test_a_run_without_reads_imports_nothing_for_them() -> None:
    script = (
        "import sys, workflows.fusions, workflows.report;"
        "print({'numba', 'matplotlib', 'pysam'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout == b"set()\n"


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PICTURE = "[...document.images].every(image => image.complete && image.naturalWidth > 300)"


@pytest.mark.parametrize("which", ["eol1", "two"])
@pytest.mark.parametrize("width", [1280, 500])
def test_page_in_a_browser(
    chromium: Chromium, which: str, width: int, request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(which) / "detect.html"
    assert chromium.evaluate(page, OVERFLOW, width=width) == 0
    assert chromium.evaluate(page, PICTURE, width=width) is True


def test_page_on_paper(chromium: Chromium, eol1: Path) -> None:
    pdf = chromium.pdf(eol1 / "detect.html").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 3


def test_two_partners_of_high_confidence_are_a_caution(tmp_path: Path) -> None:
    index = read_index()
    end = index.exon_ends[8]
    left = index.transcript[end - 300 : end]
    entries = {e.label: e.sequence for e in index.of_kind(Kind.ENTRY)}
    caution = "Two partners of high confidence in one sample are rare"
    for partners, cautioned in ((("MLLT3 e6",), False), (("MLLT3 e6", "ELL e2"), True)):
        reads = [
            (left + entries[partner])[start : start + 100]
            for partner in partners
            for start in range(220, 270, 10)
        ]
        path = tmp_path / f"S{len(partners)}.fastq"
        path.write_bytes(
            b"".join(b"@r:%d\n%s\n+\n%s\n" % (n, r, b"F" * 100) for n, r in enumerate(reads))
        )
        found = run_detect((path,), tmp_path / f"out{len(partners)}")
        assert {call.confidence for call in found.calls} == {Confidence.HIGH}
        assert (caution in page_of(tmp_path / f"out{len(partners)}")) == cautioned
