"""STAR-SEQR, whose junctions are STAR's: the first base of the intron on either side.

Rows with KMT2A are synthetic, on GRCh38: KMT2A exon 10 ends at 118484975 and exon 8 at 118482495,
exon 2 begins at 118468775, AFF1 exon 5 at 87084120 (1-based).
"""

from __future__ import annotations

from pathlib import Path

from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Breakpoint, Source

DATA = Path(__file__).parents[1] / "data" / "callers"
STAR_SEQR = DATA / "star-seqr_candidates.txt"


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="S1")


def text_file(folder: Path, *lines: str) -> Path:
    path = folder / "table"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def reasons(file: CallerFile) -> list[str]:
    assert len(file.calls) + len(file.set_aside) == file.n_rows
    return [row.reason for row in file.set_aside]


def test_star_seqr_in_full() -> None:
    file = read(STAR_SEQR)
    assert (file.source, file.variant, file.n_rows) == (Source.STAR_SEQR, "breakpoints", 3)
    call = file.calls[0]
    assert (call.gene_5prime, call.gene_3prime) == ("AKAP9", "BRAF")
    # BRKPT says 91632548 and 140487383, from 0; BRAF exon 9 begins at 140487384 of GRCh37.
    assert call.breakpoint_5prime == Breakpoint("chr7", 91632549, "+")
    assert call.breakpoint_3prime == Breakpoint("chr7", 140487384, "-")
    # 2 reads are anchored left, 5 right; 5 pairs lie around the junction.
    assert (call.split_reads, call.spanning_fragments) == (7, 5)
    assert (call.extras["NREAD_JXNLEFT"], call.extras["NREAD_JXNRIGHT"]) == ("2", "5")
    assert (call.event_type, call.caller_confidence) == ("INTERCHROM_INTERSTRAND", "PASS")
    assert call.extras["ID"] == "7:91632550:+:7:140487385:-:2:1"
    assert call.extras["BRKPT_LEFT"] == "7:91632548:+"
    assert call.extras["MAX_TRX_FUSION"] == "ENST00000356239--ENST00000497784|3551"
    # Of 40 columns 8 became fields, 2 of which are kept beside their sum.
    assert len(call.extras) == 40 - 8 + 2


def test_star_seqr_s_positions_on_both_strands() -> None:
    places = [(c.breakpoint_5prime, c.breakpoint_3prime) for c in read(STAR_SEQR).calls]
    assert places[1:] == [
        (Breakpoint("chr19", 15364963, "-"), Breakpoint("chr15", 34640170, "+")),
        (Breakpoint("chr5", 149784243, "-"), Breakpoint("chr6", 117645578, "-")),
    ]


SEQR_0_2 = (
    "NAME NREAD_SPANS NREAD_JXNLEFT NREAD_JXNRIGHT FUSION_CLASS SPLICE_TYPE BRKPT_LEFT BRKPT_RIGHT "
    "LEFT_SYMBOL RIGHT_SYMBOL ANNOT_FORMAT LEFT_ANNOT RIGHT_ANNOT ID MINFRAG20 PASS"
)


def seqr(folder: Path, *rows: str) -> CallerFile:
    return read(text_file(folder, *("\t".join(row.split()) for row in (SEQR_0_2, *rows))))


def test_star_seqr_of_early_versions_and_both_orientations(tmp_path: Path) -> None:
    rows = (
        (
            "KMT2A--AFF1 7 4 8 TRANSLOCATION CANONICAL chr11:1 chr4:1 KMT2A AFF1 . . . "
            "chr11:118484976:+:chr4:87084119:+:0:1 9 PASS"
        ),
        (
            "AFF1--MLL 0 1 0 TRANSLOCATION CANONICAL chr4:1 chr11:1 AFF1 MLL . . . "
            "chr4:87084165:+:chr11:118488613:+:0:0 1 minreads"
        ),
        (
            "KMT2A--KMT2A 2 3 1 GENE_INTERNAL CANONICAL chr11:1 chr11:1 KMT2A KMT2A . . . "
            "chr11:118482496:+:chr11:118468774:+:0:0 4 PASS"
        ),
        (
            "NA--KMT2A 2 3 1 TRANSLOCATION CANONICAL chr1:1 chr11:1 NA KMT2A . . . "
            "chr1:900:-:chr11:118488613:+:0:0 4 PASS"
        ),
    )
    fusion, reciprocal, ptd, unnamed = seqr(tmp_path, *rows).calls
    assert (fusion.breakpoint_5prime, fusion.breakpoint_3prime) == (
        Breakpoint("chr11", 118484975, "+"),
        Breakpoint("chr4", 87084120, "+"),
    )
    assert (fusion.split_reads, fusion.spanning_fragments) == (12, 7)
    assert (fusion.caller_confidence, fusion.extras["BRKPT_LEFT"]) == ("PASS", "chr11:1")
    assert (reciprocal.gene_5prime, reciprocal.gene_3prime) == ("AFF1", "KMT2A")
    assert (reciprocal.reported_3prime, reciprocal.caller_confidence) == ("MLL", "minreads")
    assert reciprocal.breakpoint_3prime == Breakpoint("chr11", 118488614, "+")
    assert (ptd.gene_5prime, ptd.gene_3prime, ptd.event_type) == ("KMT2A", "KMT2A", "GENE_INTERNAL")
    assert (ptd.breakpoint_5prime, ptd.breakpoint_3prime) == (
        Breakpoint("chr11", 118482495, "+"),
        Breakpoint("chr11", 118468775, "+"),
    )
    assert (unnamed.gene_5prime, unnamed.reported_5prime) == ("?", "NA")
    assert unnamed.breakpoint_5prime == Breakpoint("chr1", 901, "-")


def test_what_star_seqr_cannot_have_written_is_set_aside(tmp_path: Path) -> None:
    row = "KMT2A--AFF1 7 4 8 TRANSLOCATION X chr11:1 chr4:1 KMT2A AFF1 . . . {} 9 PASS"
    junction = "chr11:118484976:+:chr4:87084119:+:0:1"
    file = seqr(
        tmp_path,
        row.format("chr11:118484976:chr4:87084119"),
        row.format(junction.replace("118484976", "918484976")),
        row.format(junction).replace(" 7 4 8 ", " 7 four 8 "),
        row.format(junction),
    )
    assert reasons(file) == [
        (
            "the row names KMT2A; column 'ID': expected STAR's junction, found "
            "'chr11:118484976:chr4:87084119'"
        ),
        (
            "the row names KMT2A; column 'ID': expected a position within chr11 "
            "(at most 135086622), found 918484975"
        ),
        "the row names KMT2A; column 'NREAD_JXNLEFT': expected a count, found 'four'",
    ]
