"""STAR's chimeric junctions: whose bases are kept, which side is 5', what becomes of each read.

The file is real, without KMT2A. Other rows are synthetic in the form of STAR's, at exon edges on
GRCh38: KMT2A's MANE exon 8 ends at 118,482,495 and its exon 2 begins at 118,468,775 (plus strand),
AFF1's exon 5 begins at 87,084,120 (plus), MLLT1's exon 2 at 6,270,759 (minus).
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file, recognise
from fusion_caller.readers.chimeric_rows import alignment_of
from fusion_caller.records import NO_GENE, Breakpoint, Disposition, FusionCall, Source

REAL = Path(__file__).parents[1] / "data" / "callers" / "star_2.7.8a.Chimeric.out.junction"
HEADER = REAL.read_text(encoding="utf-8").partition("\n")[0]
KMT2A_E8 = Breakpoint("chr11", 118482495, "+")
KMT2A_E2 = Breakpoint("chr11", 118468775, "+")
AFF1_E5 = Breakpoint("chr4", 87084120, "+")
MLLT1_E2 = Breakpoint("chr19", 6270759, "-")
# The base of the intron next to what is kept, as STAR gives it.
ALONG = "chr11 118482496 + chr4 87084119 + 1"
AGAINST = "chr4 87084119 - chr11 118482496 - 2"
NO_MOTIF = "chr11 118482496 + chr4 87084119 + 0"
BETWEEN = "chr11 118482451 + chr4 87084199 + -1"
MLLT1 = "chr11 118482496 + chr19 6270760 - 1"
PTD = "chr11 118482496 + chr11 118468774 + 1"
RECIPROCAL = "chr4 87084165 + chr11 118484182 + 1"
ELSEWHERE = "chr1 1000 + chrM 2000 - -1"
ANYWHERE = "118482446 50M 87084120 50S50M"


def row(junction: str, read: str = "r1", *, alignment: str = ANYWHERE, times: str = "1") -> str:
    cells = [*junction.split(), "0", "2", read, *alignment.split()]
    return "\t".join([*cells, times, "100", "62", "96", "96", "0", "rg1"])


def old(junction: str, read: str = "r1") -> str:
    return "\t".join(row(junction, read).split("\t")[:14])


def read(folder: Path, *rows: str, header: str = HEADER) -> CallerFile:
    path = folder / "f"
    path.write_text("".join(f"{line}\n" for line in (header, *rows) if line), encoding="utf-8")
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def ends(call: FusionCall) -> tuple[Breakpoint | None, Breakpoint | None]:
    return call.breakpoint_5prime, call.breakpoint_3prime


def test_a_call_in_full(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        row(ALONG, "r1"),
        row(ALONG, "r2"),
        row(ALONG, "r3", alignment="118482456 40M 87084120 40S60M", times="3"),
        row(BETWEEN, "r4", alignment="118482401 50M 87084200 50M"),
    )
    assert (file.source, file.n_rows, file.set_aside) == (Source.CHIMERIC_JUNCTION, 4, ())
    assert file.calls == (
        FusionCall(
            patient="P1",
            sample="P1-d0",
            source=Source.CHIMERIC_JUNCTION,
            gene_5prime=NO_GENE,
            gene_3prime=NO_GENE,
            reported_5prime="",
            reported_3prime="",
            breakpoint_5prime=KMT2A_E8,
            breakpoint_3prime=AFF1_E5,
            split_reads=3,
            spanning_fragments=1,
            extras={
                "junction_type": "1;-1",
                "repeat_left_lenA": "0",
                "repeat_right_lenB": "2",
                "num_chim_aln": "1;3",
                "non_chim_aln_score": "62",
                "this_chim_aln_score": "96",
                "PEmerged_bool": "0",
                "readgrp": "rg1",
                # The first two reads are aligned alike: perhaps copies of one molecule.
                "distinct_alignments": "3",
                "multimapping_reads": "1",
            },
            n_rows=4,
            file="f",
            line=2,
        ),
    )


def test_reads_along_and_against_the_rna_are_one_junction(tmp_path: Path) -> None:
    (call,) = read(tmp_path, row(AGAINST, "r1"), row(ALONG, "r2")).calls
    assert ends(call) == (KMT2A_E8, AFF1_E5)
    assert (call.split_reads, call.event_type, call.line) == (2, "", 2)


def test_a_read_against_the_rna_is_turned_round_alone_too(tmp_path: Path) -> None:
    (call,) = read(tmp_path, row(AGAINST)).calls
    assert ends(call) == (KMT2A_E8, AFF1_E5)


def test_a_partner_on_the_minus_strand(tmp_path: Path) -> None:
    (call,) = read(tmp_path, row(MLLT1)).calls
    assert ends(call) == (KMT2A_E8, MLLT1_E2)
    (call,) = read(tmp_path, row("chr19 6270760 + chr11 118482496 - 2")).calls
    assert ends(call) == (KMT2A_E8, MLLT1_E2)


def test_the_reciprocal_has_kmt2a_behind(tmp_path: Path) -> None:
    (call,) = read(tmp_path, row(RECIPROCAL)).calls
    assert ends(call) == (Breakpoint("chr4", 87084164, "+"), Breakpoint("chr11", 118484183, "+"))


def test_a_ptd_is_a_later_exon_before_an_earlier_one(tmp_path: Path) -> None:
    (call,) = read(tmp_path, row(PTD)).calls
    assert ends(call) == (KMT2A_E8, KMT2A_E2)
    assert call.event_type == "duplication or circular RNA"
    (onwards,) = read(tmp_path, row("chr11 118482496 + chr11 118484182 + 1")).calls
    assert onwards.event_type == ""


def test_without_a_motif_kmt2a_s_strand_is_taken_and_said(tmp_path: Path) -> None:
    for junction in (NO_MOTIF, "chr4 87084119 - chr11 118482496 - 0"):
        (call,) = read(tmp_path, row(junction)).calls
        assert ends(call) == (KMT2A_E8, AFF1_E5)
        assert call.event_type == "orientation not known"
    # A motif tells for the others too.
    (call,) = read(tmp_path, row(NO_MOTIF, "r1"), row(ALONG, "r2")).calls
    assert (call.split_reads, call.event_type) == (2, "")
    assert call.extras["junction_type"] == "0;1"


def test_a_fragment_belongs_to_the_nearest_junction_that_has_a_motif(tmp_path: Path) -> None:
    later = "chr11 118484315 + chr4 87084119 + 1"
    nearer_without = "chr11 118482471 + chr4 87084119 + 0"
    calls = read(
        tmp_path,
        row(later, "r1"),
        row(ALONG, "r2"),
        row(nearer_without, "r3"),
        row(BETWEEN, "r4"),
        row("chr4 87084199 - chr11 118482451 - -1", "r5"),
        # Beyond exon 8's end, within exon 9: only the later junction is ahead.
        row("chr11 118484301 + chr4 87084199 + -1", "r6"),
    ).calls
    assert [(c.split_reads, c.spanning_fragments) for c in calls] == [(1, 1), (1, 2), (1, 0)]


def test_fragments_without_a_junction_are_calls_by_neighbourhood(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        row(BETWEEN, "r1"),
        row("chr4 87084205 - chr11 118482441 - -1", "r2"),
        row("chr11 118482451 + chr4 88084199 + -1", "r3"),
        row("chr4 87000001 + chr11 118490000 + -1", "r4"),
    )
    assert [(c.split_reads, c.spanning_fragments, c.line) for c in file.calls] == [
        (0, 2, 2),
        (0, 1, 4),
        (0, 1, 5),
    ]
    assert ends(file.calls[0]) == (
        Breakpoint("chr11", 118482450, "+"),
        Breakpoint("chr4", 87084200, "+"),
    )
    assert file.calls[0].event_type == (
        "fragments only, breakpoints not exact; orientation not known"
    )
    # KMT2A's 3' part is another event.
    assert ends(file.calls[2]) == (
        Breakpoint("chr4", 87000000, "+"),
        Breakpoint("chr11", 118490001, "+"),
    )


def test_rows_without_kmt2a_are_counted_in_one_remark() -> None:
    file = read_caller_file(REAL, name="f", patient="P1", sample="P1-d0")
    assert (file.n_rows, file.n_set_aside, file.calls) == (93, 93, ())
    (remark,) = file.set_aside
    assert (remark.line, remark.disposition) == (2, Disposition.PASSED_OVER)
    assert remark.reason == "93 rows, this one first, make no call: no end on KMT2A"


def test_a_real_junction_is_the_same_in_both_directions() -> None:
    lines = REAL.read_text(encoding="utf-8").split("\n")
    rows = [line.split("\t") for line in lines if {"40086854", "48294346"} <= {*line.split("\t")}]
    split = [cells for cells in rows if cells[6] != "-1"]
    assert {cells[6] for cells in split} == {"1", "2"}
    ends_found = [alignment_of(cells).ends for cells in split]
    assert len(ends_found) > 20
    assert {(one.first, one.second) for one in ends_found} == {
        (Breakpoint("chr17", 40086853, "+"), Breakpoint("chr17", 48294347, "+")),
    }


def test_the_layout_without_a_header(tmp_path: Path) -> None:
    file = read(tmp_path, old(ALONG, "r1"), old(ALONG, "r2"), old(ELSEWHERE), header="")
    (call,) = file.calls
    assert (ends(call), call.split_reads, call.line) == ((KMT2A_E8, AFF1_E5), 2, 1)
    assert "num_chim_aln" not in call.extras
    (call,) = read(tmp_path, f"{old(ALONG)}\tgroup 1", header="").calls
    assert call.extras["readgrp"] == "group 1"


@pytest.mark.parametrize("width", [20, 21, 22, 23])
def test_rows_need_not_be_as_wide_as_star_s_header(tmp_path: Path, width: int) -> None:
    cells = [*row(ALONG).split("\t"), "ACGT", "TTTT"][:width]
    (call,) = read(tmp_path, "\t".join(cells)).calls
    assert ends(call) == (KMT2A_E8, AFF1_E5)
    assert call.extras.get("readgrp") == ("rg1" if width > 20 else None)


def test_dragen_has_no_motif_to_tell_the_strand(tmp_path: Path) -> None:
    cells = old(ALONG).split("\t")
    cells[7] = cells[8] = "*"
    (call,) = read(tmp_path, "\t".join(cells), header="").calls
    assert (ends(call), call.event_type) == ((KMT2A_E8, AFF1_E5), "orientation not known")


def test_comments_blank_lines_packing_and_names_without_chr(tmp_path: Path) -> None:
    path = tmp_path / "f.gz"
    text = f"{HEADER}\n{row(ALONG.replace('chr', ''))}\n\n# 2.7.8a   STAR\n# Nreads 5\n"
    path.write_bytes(gzip.compress(text.encode()))
    file = read_caller_file(path, name="f", patient="P1", sample="P1-d0")
    assert [ends(call) for call in file.calls] == [(KMT2A_E8, AFF1_E5)]
    assert file.set_aside == ()


def test_a_header_only_file_has_no_calls(tmp_path: Path) -> None:
    file = read(tmp_path, "# 2.7.8a   STAR", "# Nreads 0\tNreadsUnique 0\tNreadsMulti 0")
    assert (file.n_rows, file.calls, file.set_aside) == (0, (), ())


@pytest.mark.parametrize(
    ("junction", "reason"),
    [
        (
            "chr11 many + chr4 87084119 + 1",
            "column 'brkpt_donorA': expected a position, found 'many'",
        ),
        (
            "chr11 118482496 . chr4 87084119 + 1",
            "column 'strand_donorA': expected the strand + or -, found '.'",
        ),
        (
            "chr11 118482496 + chr4 87084119 + 7",
            "column 'junction_type': expected a junction type of -1, 0, 1 or 2, found '7'",
        ),
        (
            "chr11 118482496 + chr4 987084119 + 1",
            "column 'brkpt_acceptorB': expected a position within chr4, found 987084119",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(tmp_path: Path, junction: str, reason: str) -> None:
    file = read(tmp_path, row(ALONG), row(junction))
    assert (file.n_rows, len(file.calls), file.n_refused) == (2, 1, 1)
    assert (file.set_aside[0].line, file.set_aside[0].reason) == (3, reason)


def test_a_row_of_another_width_means_a_damaged_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, row(ALONG), row(ALONG).rpartition("\t")[0])
    assert str(error.value) == (
        "f, line 3: expected 21 fields, found 20; the file is damaged or was cut off, make it again"
    )


def test_a_cut_last_line_is_remarked_on(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text(f"{HEADER}\n{row(ALONG)}", encoding="utf-8")
    file = read_caller_file(path, name="f", patient="P1", sample="P1-d0")
    assert [(one.line, one.disposition) for one in file.set_aside] == [(2, Disposition.FLAGGED)]


def test_a_cut_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.gz"
    path.write_bytes(gzip.compress(REAL.read_bytes())[:-20])
    with pytest.raises(InputError, match="truncated"):
        read_caller_file(path, name="f", patient="P1", sample="P1-d0")


@pytest.mark.parametrize(
    "line",
    [
        old(ALONG).replace("\t+\t", "\t*\t"),
        old(ALONG).replace("50S50M", "fifty"),
        "\t".join(old(ALONG).split("\t")[:13]),
        row(ALONG).replace("chr4", "chr4\tmore"),
    ],
)
def test_what_only_looks_like_it_is_not_recognised(line: str) -> None:
    assert recognise((f"{line}\n",)) is None


STRANDS = st.sampled_from("+-")


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(118436600, 118526800), STRANDS, st.integers(10, 10**8), STRANDS, st.booleans())
def test_every_row_of_a_molecule_says_the_same(
    at: int, strand: str, other: int, other_strand: str, reciprocal: bool
) -> None:
    kept = (Breakpoint("chr11", at, strand), Breakpoint("chr5", other, other_strand))
    five, three = kept if not reciprocal else (kept[1], kept[0])
    step = {"+": 1, "-": -1}
    opposite = {"+": "-", "-": "+"}
    first = f"{five.contig} {five.position + step[five.strand]}"
    second = f"{three.contig} {three.position - step[three.strand]}"
    along = f"{first} {five.strand} {second} {three.strand} 1"
    against = f"{second} {opposite[three.strand]} {first} {opposite[five.strand]} 2"
    for junction in (along, against):
        found = alignment_of(row(junction).split("\t")).ends
        assert (found.first, found.second) == (five, three)
