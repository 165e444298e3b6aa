"""Reads in BAM, CRAM and SAM: the same fusions as from the FASTQ, and no record counted twice."""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pysam
import pytest

from fusion_caller.contigs import Build, length_of
from fusion_caller.errors import InputError
from fusion_caller.packaged_genes import kmt2a_transcript, packaged_annotation
from fusion_caller.reads.calls import label
from fusion_caller.reads.detection import Answer, Detection, detect
from fusion_caller.reads.index import ReadIndex, complement

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_caller.reads.screening import Fragment

DATA = Path(__file__).parents[2] / "data" / "kmt2a_reads"
EOL1 = [DATA / f"SRR8616218_KMT2A_{side}.fastq.gz" for side in (1, 2)]
UNMAPPED, REVERSE = 0x4, 0x10


@dataclass(frozen=True)
class Aligned:
    """One record to write: its place is None where it is not aligned."""

    name: str
    bases: bytes
    flag: int
    at: tuple[str, int] | None = None
    cigar: str = ""
    tags: tuple[tuple[str, str], ...] = ()


def header(build: Build = Build.GRCH38, *, chr_: str = "chr", samples: str = "") -> dict:
    chromosomes = ("chr4", "chr9", "chr11", "chr19")
    made: dict = {
        "HD": {"VN": "1.6"},
        "SQ": [{"SN": chr_ + c[3:], "LN": length_of(c, build)} for c in chromosomes],
    }
    if samples:
        made["RG"] = [{"ID": f"rg{n}", "SM": name} for n, name in enumerate(samples)]
    return made


def write(
    path: Path, records: list[Aligned], made: dict | None = None, *, mode: str = "wb"
) -> Path:
    """Write records as they come; a read's mate is the primary record of its name."""
    made = made or header()
    primaries = {(r.name, r.flag & 0xC0): r for r in records if not r.flag & 0x900}
    with pysam.AlignmentFile(str(path), mode, header=made) as stream:
        for record in records:
            one = pysam.AlignedSegment(stream.header)
            one.query_name, one.flag = record.name, record.flag
            bases = record.bases
            if record.flag & REVERSE and bases:
                bases = complement(bases)
            one.query_sequence = bases.decode() or None
            if record.at is not None:
                one.reference_id = stream.header.get_tid(record.at[0])
                one.reference_start = record.at[1] - 1
                one.cigarstring = record.cigar or f"{len(bases)}M"
            mate = primaries.get((record.name, record.flag & 0xC0 ^ 0xC0))
            if record.flag & 1 and mate is not None and mate.at is not None:
                one.next_reference_id = stream.header.get_tid(mate.at[0])
                one.next_reference_start = mate.at[1] - 1
            for tag, value in record.tags:
                one.set_tag(tag, value)
            stream.write(one)
    return path


def indexed(path: Path, *, end: str = "bam") -> Path:
    done = path.with_name(f"sorted_{path.stem}.{end}")
    options = ["-O", end] if end != "cram" else ["-O", "cram,no_ref"]
    pysam.sort(*options, "-o", str(done), str(path))
    pysam.index(str(done))
    return done


def eol1_pairs() -> list[tuple[str, bytes, bytes]]:
    sides = [gzip.decompress(path.read_bytes()).decode().splitlines() for path in EOL1]
    names = (line[1:].split()[0] for line in sides[0][::4])
    return [
        (name, one.encode(), two.encode())
        for name, one, two in zip(names, sides[0][1::4], sides[1][1::4], strict=True)
    ]


def as_aligned(
    name: str, fragment: Fragment, *, first: tuple[str, int] | None, second: tuple[str, int] | None
) -> list[Aligned]:
    """A pair; where one of it has no place it stands beside the other, as the format has it."""
    flags = [0x41, 0x81]
    places = [first, second]
    made = []
    for side in (0, 1):
        flag = flags[side]
        flag |= UNMAPPED if places[side] is None else 0
        flag |= 0x8 if places[1 - side] is None else 0
        flag |= REVERSE if side and places[side] else 0
        made.append(
            Aligned(
                name,
                fragment[side],
                flag,
                places[side] or places[1 - side],
                "" if places[side] else "*",
            )
        )
    return made


def on_kmt2a(index: ReadIndex, read: bytes) -> tuple[str, int] | None:
    """Where a plain read lies, without the introns in it."""
    for bases in (read, complement(read)):
        at = index.transcript.find(bases)
        if at >= 0:
            place = index.genomic(at)
            return place.contig, place.position
    return None


@pytest.fixture(scope="module")
def eol1_records(index: ReadIndex) -> list[Aligned]:
    records = []
    for name, *pair in eol1_pairs():
        first, second = (on_kmt2a(index, read) for read in pair)
        records += as_aligned(name, (pair[0], pair[1]), first=first, second=second)
    return records


@pytest.fixture(scope="module")
def from_fastq(index: ReadIndex) -> Detection:
    return detect(EOL1, index)


def summary(found: Detection) -> list[tuple[str, int, int]]:
    return [
        (
            label(one, found.index),
            len(one.candidate.fragments),
            len(one.candidate.spanning),
        )
        for one in found.calls
    ]


def same(found: Detection, expected: Detection) -> None:
    assert summary(found) == summary(expected)
    assert found.screened.depth == expected.screened.depth
    kept = [set(map(frozenset, one.screened.kept)) for one in (found, expected)]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("form", ["collated", "shuffled", "sorted", "sam", "cram", "csi"])
def test_eol_1_is_the_same_from_every_form(
    form: str,
    tmp_path: Path,
    eol1_records: list[Aligned],
    from_fastq: Detection,
    index: ReadIndex,
) -> None:
    records = list(eol1_records)
    if form == "shuffled":
        # Mates that are not hits must meet those that are, across blocks and in either order.
        records.sort(key=lambda r: (r.at or ("", 0), r.name, r.flag))
    path = write(tmp_path / "eol1.any", records, mode="w" if form == "sam" else "wb")
    if form in ("sorted", "cram", "csi"):
        path = indexed(path, end="cram" if form == "cram" else "bam")
    if form == "csi":
        Path(f"{path}.bai").unlink()
        pysam.index("-c", str(path))
    found = detect([path], index)
    same(found, from_fastq)
    aligned = found.screened.aligned
    assert aligned is not None
    assert aligned.by_index == (form in ("sorted", "cram", "csi"))
    assert aligned.records.used == 2 * 17_026
    assert found.screened.n_fragments == from_fastq.screened.n_fragments
    assert found.screened.n_on_kmt2a == from_fastq.screened.n_on_kmt2a


def with_clip(record: Aligned) -> Aligned:
    """With the last 20 bases left out by the aligner."""
    if record.flag & UNMAPPED:
        return record
    fits = f"{len(record.bases) - 20}M"
    return replace(record, cigar=f"20S{fits}" if record.flag & REVERSE else f"{fits}20S")


@pytest.mark.parametrize("names", [(build, chr_) for build in Build for chr_ in ("chr", "")])
def test_published_junctions_wherever_an_aligner_left_their_reads(
    names: tuple[Build, str],
    tmp_path: Path,
    published: list,
    index: ReadIndex,
    write_fastq: Callable,
) -> None:
    """Neither, one or both reads are aligned, to KMT2A or to a partner, with an end left out."""
    build, chr_ = names
    start = kmt2a_transcript(build).exons[5][0]
    on_11 = (f"{chr_}11", start)
    mllt3 = packaged_annotation(build).genes["MLLT3"]
    elsewhere = (f"{chr_}9", mllt3.start + 5_000)
    ways = [(None, None), (on_11, None), (None, on_11), (on_11, elsewhere), (elsewhere, elsewhere)]
    fragments: list[Fragment] = []
    records: list[Aligned] = []
    for number, junction in enumerate(published):
        for n, fragment in enumerate(junction.fragments(2)):
            first, second = ways[(number + n) % len(ways)]
            made = as_aligned(f"f{len(fragments)}", fragment, first=first, second=second)
            fragments.append(fragment)
            records += map(with_clip, made)
    expected = detect(write_fastq(fragments, "a_1.fastq", "a_2.fastq"), index)
    path = write(tmp_path / "made.bam", records, header(build, chr_=chr_))
    same(detect([path], index), expected)
    same(detect([indexed(path)], index), expected)
    assert len(expected.calls) > 50


def a_fusion(index: ReadIndex, n: int = 6) -> list[Fragment]:
    """Pairs across the join of exon 9 and exon 6 of MLLT3."""
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    end = index.exon_ends[8]
    whole = index.transcript[end - 300 : end] + entry
    return [
        (whole[s : s + 100], complement(whole[s + 60 : s + 160]))
        for s in range(230, 230 + 7 * n, 7)
    ]


def test_a_supplementary_alignment_leads_to_its_whole_read(
    tmp_path: Path, index: ReadIndex
) -> None:
    """Both reads lie far off, on no packaged gene; only a hard-clipped part is on KMT2A."""
    exon_9 = kmt2a_transcript(Build.GRCH38).exons[8][1] - 30
    records = []
    for n, fragment in enumerate(a_fusion(index)):
        made = as_aligned(f"f{n}", fragment, first=("chr4", 1_000), second=("chr4", 90_000_000 + n))
        part = Aligned(
            f"f{n}", fragment[0][:30], 0x841, ("chr11", exon_9), "30M70H",
            (("SA", "chr4,1000,+,30S70M,60,0;"),),
        )  # fmt: skip
        records += [*made, part]
    found = detect([indexed(write(tmp_path / "s.bam", records))], index)
    assert [name for name, *_ in summary(found)] == ["KMT2A e9::MLLT3 e6"]
    assert {len(fragment) for fragment in found.screened.kept} == {2}
    assert found.screened.aligned is not None
    records_read = found.screened.aligned.records
    assert (records_read.supplementary, records_read.used, records_read.alone) == (6, 12, 0)


def marked(records: list[Aligned], flag: int) -> list[Aligned]:
    return [replace(record, flag=record.flag | flag) for record in records]


def test_what_is_not_used_is_counted_and_adds_up(tmp_path: Path, index: ReadIndex) -> None:
    at = kmt2a_transcript(Build.GRCH38).exons[8][0]
    one, two, three, four, five, six = a_fusion(index)
    here = ("chr11", at)
    records = [
        *as_aligned("good", one, first=here, second=None),
        *(
            replace(r, flag=r.flag | 0x400)
            for r in as_aligned("copy", one, first=here, second=None)
        ),
        *(
            replace(r, flag=r.flag | 0x200)
            for r in as_aligned("failed", two, first=here, second=None)
        ),
        *as_aligned("good", one, first=here, second=None)[:1],  # STAR's AllBestScore
        Aligned("good", one[0], 0x141, ("chr9", 100)),
        Aligned("good", one[0][:40], 0x841, ("chr11", at), "40M60H"),
        Aligned("single", three[0], 0, here),
        as_aligned("alone", four, first=here, second=None)[0],
        Aligned("cut", five[0][:-5], 0, here, f"{len(five[0]) - 5}M5H"),
        Aligned("bare", b"", 0, here, "100M"),
        Aligned("tail", six[0], UNMAPPED),
    ]
    for path in (write(tmp_path / "a.bam", records), indexed(tmp_path / "a.bam")):
        found = detect([path], index)
        aligned = found.screened.aligned
        assert aligned is not None
        n = aligned.records
        assert (n.duplicates, n.failed, n.supplementary, n.without_bases) == (2, 2, 1, 1)
        assert n.secondary == (0 if aligned.by_index else 1)
        assert (n.alone, n.clipped) == (1, 1)
        not_used = n.secondary + n.supplementary + n.duplicates + n.failed + n.without_bases
        assert n.used + n.repeated + not_used == n.looked_at
        # The pair, the one whose mate is not there, and three single reads.
        assert found.screened.n_fragments == 5
        assert len(found.screened.kept) == 5
        ((name, across, _),) = summary(found)
        assert (name, across) == ("KMT2A e9::MLLT3 e6", 5)


def test_single_reads_of_one_name_are_no_pair(tmp_path: Path, index: ReadIndex) -> None:
    (one, *_) = a_fusion(index)
    records = [Aligned("r", one[0], UNMAPPED), Aligned("r", one[1], UNMAPPED)]
    with pytest.raises(InputError, match="two reads have one name and are not marked as a pair"):
        detect([write(tmp_path / "a.bam", records)], index)


def test_without_unmapped_reads_nothing_found_is_not_negative(
    tmp_path: Path, index: ReadIndex, eol1_records: list[Aligned]
) -> None:
    aligned = {r.name for r in eol1_records} - {
        r.name for r in eol1_records if r.flag & (UNMAPPED | 0x8)
    }
    records = [r for r in eol1_records if r.name in aligned]
    found = detect([write(tmp_path / "a.bam", records)], index)
    assert min(found.screened.depth.values()) > 0
    assert found.answer is Answer.NOT_EVALUABLE
    assert found.sentence.startswith("not evaluable: the file holds no unmapped reads and no split")
    records.append(Aligned("u", b"ACGTACGTAC" * 8, UNMAPPED))
    assert detect([write(tmp_path / "b.bam", records)], index).answer is Answer.NOT_FOUND


def refusal(path: Path, index: ReadIndex, **options: Path) -> str:
    with pytest.raises(InputError) as error:
        detect([path], index, **options)
    assert "\n" not in str(error.value)
    assert error.value.remedy
    return str(error.value).replace(f"{path}", "FILE")


def many(n: int, *, tail: int) -> list[Aligned]:
    """Pairs on all contigs and a tail of pairs without a place, of no gene."""
    rng = random.Random(5)  # noqa: S311 - no secret
    numbers = count()

    def pair(at: tuple[str, int] | None) -> list[Aligned]:
        reads = [bytes(rng.choice(b"ACGT") for _ in range(100)) for _ in range(2)]
        second = (at[0], at[1] + 100) if at else None
        made = as_aligned(f"m{next(numbers)}", (reads[0], reads[1]), first=at, second=second)
        return made if at else [replace(r, at=None, cigar="") for r in made]

    contigs = ("chr4", "chr9", "chr11", "chr19")
    placed = [pair((contigs[4 * i // n], 1_000 + i)) for i in range(n)]
    return [r for made in placed + [pair(None) for _ in range(tail)] for r in made]


# pysam itself cannot close a file that it could not open, and says so when it likes.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*pysam:pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_file_that_is_cut_off_anywhere_is_refused(
    is_indexed: bool, tmp_path: Path, index: ReadIndex
) -> None:
    whole = indexed(write(tmp_path / "w.bam", many(800, tail=400)))
    content = whole.read_bytes()
    beside = Path(f"{whole}.bai").read_bytes()
    end = content[-28:]
    ends = [
        len(content) - 1,
        len(content) - 28,
        len(content) - 29,
        *range(200, len(content), 9_000),
    ]
    cut = tmp_path / "cut.bam"
    for size in ends:
        for closed in (False, True):
            cut.write_bytes(content[:size] + (end if closed else b""))
            if closed and size == len(content) - 28:
                continue  # that is the whole file
            if is_indexed:
                Path(f"{cut}.bai").write_bytes(beside)
            said = refusal(cut, index)
            assert said.startswith("FILE: "), said


@pytest.mark.parametrize(("end", "suffix"), [("bam", "bai"), ("cram", "crai")])
def test_an_index_of_another_file_or_an_older_one_is_refused(
    end: str, suffix: str, tmp_path: Path, index: ReadIndex
) -> None:
    files = [
        indexed(write(tmp_path / f"{n}.bam", many(size, tail=tail)), end=end)
        for n, (size, tail) in enumerate([(800, 300), (800, 0), (1600, 0)])
    ]
    for one in files:
        for other in files:
            if one is other:
                detect([one], index)
                continue
            copy = tmp_path / f"copy.{end}"
            copy.write_bytes(one.read_bytes())
            Path(f"{copy}.{suffix}").write_bytes(Path(f"{other}.{suffix}").read_bytes())
            assert "samtools index" in refusal(copy, index)
    young = files[0]
    young.touch()
    assert "is older than the file; make it again by `samtools index`" in refusal(young, index)


def test_other_genomes_and_several_samples_are_refused(tmp_path: Path, index: ReadIndex) -> None:
    transcripts = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "ENST1", "LN": 900}, {"SN": "E2", "LN": 8}]}
    path = write(tmp_path / "t.bam", [], transcripts)
    assert "found none among 2 references: no human genome" in refusal(path, index)
    mouse = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr11", "LN": 121_973_369}]}
    path = write(tmp_path / "m.bam", [], mouse)
    assert "found one of 121,973,369: another genome" in refusal(path, index)
    path = write(tmp_path / "s.bam", [], header(samples="AAB"))
    said = refusal(path, index)
    assert "names 2 samples, with the read groups rg0, rg1; rg2" in said
    assert write(tmp_path / "one.bam", [], header(samples="AA"))
    assert detect([tmp_path / "one.bam"], index).screened.n_fragments == 0


def test_a_cram_without_its_reference(
    tmp_path: Path, index: ReadIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REF_PATH", str(tmp_path / "nowhere"))
    monkeypatch.setenv("REF_CACHE", str(tmp_path / "nowhere"))
    fasta = tmp_path / "g.fa"
    rng = random.Random(1)  # noqa: S311 - no secret
    genome = "".join(rng.choice("ACGT") for _ in range(5_000))
    size = length_of("chr11", Build.GRCH38) or 0
    start = kmt2a_transcript(Build.GRCH38).exons[0][0]
    sequence = "N" * start + genome + "N" * (size - start - len(genome))
    fasta.write_text(f">chr11\n{sequence}\n", encoding="ascii")
    made = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr11", "LN": size}]}
    records = [
        Aligned(f"r{n}", genome[n * 9 : n * 9 + 90].encode(), 0, ("chr11", start + 1 + n * 9))
        for n in range(200)
    ]
    bam = write(tmp_path / "a.bam", records, made)
    cram = tmp_path / "a.cram"
    pysam.view("-C", "-T", str(fasta), "-o", str(cram), str(bam), catch_stdout=False)
    hidden = fasta.rename(tmp_path / "moved.fa")
    Path(f"{fasta}.fai").rename(f"{hidden}.fai")
    for is_indexed in (False, True):
        if is_indexed:
            pysam.index(str(cram))
        assert "give its FASTA by `kmt2a detect --reference`" in refusal(cram, index)
        found = detect([cram], index, reference=hidden)
        assert found.screened.n_fragments == 200
