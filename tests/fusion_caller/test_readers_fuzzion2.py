"""Fuzzion2: matches to calls, in three versions; its summary; its files that say nothing.

The example is real (version 1.4.0). The summary's rows are those of the example in Fuzzion2's
repository; other rows are synthetic.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file, recognise
from fusion_caller.records import NO_GENE, FusionCall, Source

REAL = Path(__file__).parents[1] / "data" / "callers" / "fuzzion2_1.4.0_example_output.txt"
LINES = REAL.read_text(encoding="utf-8").splitlines()
HEADER = LINES[0]
ITD_SEQUENCE = LINES[7].split("\t")[1]


def read(folder: Path, *lines: str, patient: str = "P1") -> CallerFile:
    path = folder / "f"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return read_caller_file(path, name="f", patient=patient, sample=patient and f"{patient}-d0")


def match(
    name: str, spanning: str, sequence: str = "ACGT][TTGA", *, read: str = "r"
) -> tuple[str, str, str]:
    return (
        f"pattern {name}\t{sequence}\t202\t202\t100.0\t{spanning}\t\t\t167",
        f"read {read}/1\tACGTTT\t101\t101\t100.0\t{spanning}\t24\t71",
        f"read {read}/2\t      GA\t101\t101\t100.0\t0\t0\t101",
    )


def names(call: FusionCall) -> tuple[str, str]:
    return call.gene_5prime, call.gene_3prime


def test_the_example_in_full() -> None:
    file = read_caller_file(REAL, name="f", patient="P1", sample="P1-d0")
    assert (file.source, file.n_rows, file.set_aside) == (Source.FUZZION2, 3, ())
    first, second = file.calls
    assert (names(first), first.split_reads, first.spanning_fragments) == (("BCR", "ABL1"), 2, 0)
    assert (first.n_rows, first.line, first.event_type) == (2, 2, "")
    assert second == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.FUZZION2,
        gene_5prime="IKZF1",
        gene_3prime="IKZF1",
        reported_5prime="IKZF1",
        reported_3prime="IKZF1",
        split_reads=1,
        spanning_fragments=0,
        event_type="internal tandem duplication",
        extras={
            "pattern": "IKZF1-IKZF1",
            "sequence": ITD_SEQUENCE,
            "distinct_matches": "1",
            "matching bases": "200",
            "possible": "202",
            "% match": "99.0",
            "insert size": "130",
        },
        file="f",
        line=8,
    )


def test_matches_of_a_pattern_are_one_call(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        HEADER,
        *match("KMT2A-AFF1-07", "1"),
        *match("MLL-MLLT3", "0"),
        *match("KMT2A-AFF1-07", "0"),
        *match("KMT2A-AFF1-07", "2", "ACG][TTGAT"),
        "read-pairs 500",
    )
    aff1, mllt3 = file.calls
    assert (names(aff1), aff1.split_reads, aff1.spanning_fragments) == (("KMT2A", "AFF1"), 2, 1)
    assert (aff1.n_rows, aff1.line, aff1.extras["pattern"]) == (3, 2, "KMT2A-AFF1-07")
    assert aff1.extras["distinct_matches"] == "2"
    assert (names(mllt3), mllt3.reported_5prime) == (("KMT2A", "MLLT3"), "MLL")
    assert (mllt3.split_reads, mllt3.spanning_fragments) == (0, 1)
    assert aff1.breakpoint_5prime is None


def test_a_tandem_duplication_of_kmt2a(tmp_path: Path) -> None:
    rows = match("KMT2A-KMT2A-01", "1", "ACGT}AC{TTGA")
    (call,) = read(tmp_path, HEADER, *rows, "read-pairs 5").calls
    assert (names(call), call.event_type) == (("KMT2A", "KMT2A"), "internal tandem duplication")


@pytest.mark.parametrize(
    ("name", "genes"),
    [
        ("HOXA10-HOXA9-CDK6-01", ("HOXA10-HOXA9", "CDK6")),
        ("NKX2-1-KMT2A", ("NKX2-1", "KMT2A")),
        ("KMT2A-NKX2-1", ("KMT2A", "NKX2-1")),
        ("A1-B2-C3", ("A1", "B2-C3")),
        ("ALL1-AF-9", ("KMT2A", "MLLT3")),
        ("something", ("something", NO_GENE)),
    ],
)
def test_genes_of_the_pattern_s_name(tmp_path: Path, name: str, genes: tuple[str, str]) -> None:
    (call,) = read(tmp_path, HEADER, *match(name, "1"), "read-pairs 5").calls
    assert names(call) == genes


def test_annotations_are_kept_and_a_gene_pair_is_used(tmp_path: Path) -> None:
    pattern, *reads = match("SJ-0001", "1")
    (call,) = read(
        tmp_path,
        f"{HEADER}\tgene_pair\tnote",
        f"{pattern}\tKMT2A-ELL\tseen",
        *reads,
        "read-pairs 5",
    ).calls
    assert names(call) == ("KMT2A", "ELL")
    assert (call.extras["gene_pair"], call.extras["note"]) == ("KMT2A-ELL", "seen")


def test_version_2_has_other_columns_and_single_reads(tmp_path: Path) -> None:
    (call,) = read(
        tmp_path,
        "fuzzion2 v2.0.0\tsequence\tmatching bases\tpossible\t% match\tspanning\tleft overlap\t"
        "right overlap\tisize|rdlen\thash",
        "pattern KMT2A-AFF1\tACGT][TTGA\t98\t101\t97.0\t1\t\t\t0\t",
        "read r1\tACGTTT\t98\t101\t97.0\t1\t24\t71\t101\t12345",
        "pattern KMT2A-AFF1\tACGT][TTGAT\t101\t101\t100.0\t1\t\t\t0\t",
        "read r2\tACGTTT\t101\t101\t100.0\t1\t24\t71\t101\t6789",
        "#reads 1000",
    ).calls
    assert (call.split_reads, call.spanning_fragments, call.n_rows) == (2, 0, 2)
    assert (call.extras["% match"], call.extras["isize|rdlen"]) == ("97.0..100.0", "0")
    assert "hash" not in call.extras


def test_version_1_0_does_not_say_what_spans(tmp_path: Path) -> None:
    (call,) = read(
        tmp_path,
        "fuzzion2 v1.0.2\tsequence\tmatching bases\tpossible\t% match\tinsert size",
        "pattern KMT2A-AFF1\tACGT][TTGA\t202\t202\t100.0\t167",
        "read r1/1\tACGTTT\t101\t101\t100.0\t",
        "read r1/2\t    TTGA\t101\t101\t100.0\t",
        "read-pairs 9",
    ).calls
    assert (call.split_reads, call.spanning_fragments, call.n_rows) == (None, None, 1)


def test_hotspots_and_plain_sequences_make_no_call(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        HEADER,
        *match("BRAF-V600E", "1", "ACGT(T)TTGA"),
        *match("plain", "1", "ACGTTTGA"),
        "read-pairs 5",
    )
    assert (file.n_rows, file.n_set_aside, file.calls) == (2, 2, ())
    assert [(one.line, one.reason) for one in file.set_aside] == [
        (2, "2 rows, this one first, make no call: a match to a hotspot or a plain sequence")
    ]


def test_no_match_is_no_call(tmp_path: Path) -> None:
    file = read(tmp_path, HEADER, "read-pairs 12345")
    assert (file.n_rows, file.calls, file.set_aside) == (0, (), ())


def test_a_count_that_cannot_be_read_sets_the_match_aside(tmp_path: Path) -> None:
    file = read(
        tmp_path, HEADER, *match("KMT2A-AFF1", "many"), *match("KMT2A-AFF1", "1"), "read-pairs 5"
    )
    assert (file.n_rows, [call.split_reads for call in file.calls]) == (2, [1])
    assert [(one.line, one.names_kmt2a, one.reason) for one in file.set_aside] == [
        (
            2,
            True,
            (
                "the row names KMT2A; column 'junction spanning': expected 0, 1 or 2 reads, found "
                "'many'"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("lines", "line", "problem"),
    [
        ((HEADER,), 1, "expected the number of reads in the last line, found none"),
        (
            (HEADER, *match("KMT2A-AFF1", "1")),
            4,
            "expected the number of reads in the last line, found none",
        ),
        (
            (HEADER, match("KMT2A-AFF1", "1")[0], "read-pairs 5"),
            2,
            "expected the reads that match the pattern, found none",
        ),
        (
            (HEADER, "something else", "read-pairs 5"),
            2,
            "expected a line of a pattern or of a read",
        ),
        ((HEADER, match("A-B", "1")[1]), 2, "expected a line of a pattern or of a read"),
    ],
)
def test_a_cut_or_damaged_file_is_refused(
    tmp_path: Path, lines: tuple[str, ...], line: int, problem: str
) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, *lines)
    assert (error.value.line, error.value.problem) == (line, problem)


V2 = "fuzzum v2.0.0\ttotal\tdistinct\tweak\tstrong-\tstrong+\tpattern"
V1_3 = "fuzzum v1.3.0\tread pairs\tdistinct\tweak\tstrong-\tstrong+\tpattern"


def test_the_summary_in_full(tmp_path: Path) -> None:
    file = read(tmp_path, V2, "example\t9\t7\t1\t2\t4\tKMT2A-AFF1-03", patient="")
    assert file.calls == (
        FusionCall(
            patient="example",
            sample="example",
            source=Source.FUZZION2,
            gene_5prime="KMT2A",
            gene_3prime="AFF1",
            reported_5prime="KMT2A",
            reported_3prime="AFF1",
            split_reads=4,
            spanning_fragments=2,
            extras={"total": "9", "distinct": "7", "weak": "1", "pattern": "KMT2A-AFF1-03"},
            file="f",
            line=2,
        ),
    )


@pytest.mark.parametrize("header", [V1_3, V2])
def test_the_summary_s_example(tmp_path: Path, header: str) -> None:
    bcr, ikzf1 = read(
        tmp_path, header, "example\t2\t2\t0\t0\t2\tBCR-ABL1", "example\t1\t1\t0\t0\t1\tIKZF1-IKZF1"
    ).calls
    assert (names(bcr), bcr.split_reads, bcr.sample) == (("BCR", "ABL1"), 2, "P1-d0")
    assert ikzf1.event_type == "internal tandem duplication"


def test_the_first_summary_and_one_of_groups(tmp_path: Path) -> None:
    (call,) = read(tmp_path, "fuzzum v1.0.2\tread pairs\tpattern", "x\t6\tKMT2A-ELL").calls
    assert (call.split_reads, call.spanning_fragments) == (None, None)
    assert call.extras["read pairs"] == "6"
    (call,) = read(tmp_path, f"{V2} group", "x\t6\t5\t0\t1\t4\tKMT2A-ELL").calls
    assert (names(call), call.split_reads) == (("KMT2A", "ELL"), 4)


def test_the_summary_s_columns_are_free_in_order_and_needed(tmp_path: Path) -> None:
    (call,) = read(tmp_path, "\t".join(V2.split("\t")[::-1]), "KMT2A-ELL\t4\t1\t0\t5\t6\tx").calls
    assert (names(call), call.split_reads, call.spanning_fragments) == (("KMT2A", "ELL"), 4, 1)
    with pytest.raises(InputError) as error:
        read(tmp_path, V2.replace("strong-\t", ""), "x\t6\t5\t0\t4\tKMT2A-ELL")
    assert str(error.value) == (
        "f, line 1: this looks like fuzzum's summary, but it lacks the column strong-"
    )


def test_the_summary_s_bad_rows_and_samples(tmp_path: Path) -> None:
    rows = ("x\t6\t5\t0\t1\tmany\tKMT2A-ELL", "x\t6\t5\t0\t1\t4\tKMT2A")
    file = read(tmp_path, V2, *rows)
    assert [one.reason for one in file.set_aside] == [
        "the row names KMT2A; column 'strong+': expected a count, found 'many'",
        "the row names KMT2A; column 'pattern': expected the name GENE1-GENE2, found 'KMT2A'",
    ]
    with pytest.raises(InputError, match="names 2 samples"):
        read(tmp_path, V2, "x\t1\t1\t0\t0\t1\tA-B", "y\t1\t1\t0\t0\t1\tA-B")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("pattern\tsequence\tgene_pair", "Fuzzion2's patterns"),
        ("fuzzall v2.0.0\ttotal\tpattern", "fuzzall's table of many samples"),
    ],
)
def test_what_is_no_output_is_refused_in_plain_words(tmp_path: Path, line: str, found: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, line, "KMT2A-AFF1\tACGT][ACGT\tx")
    assert str(error.value) == (
        f"f, line 1: expected the matches of one sample, found {found}; give the output of "
        "fuzzion2, fuzzort or fuzzum"
    )


def test_only_its_own_headers_are_recognised() -> None:
    assert recognise(("fuzzion2html v2.0.0\tsequence\n",)) is None
    assert recognise(("fuzzhop v2.0.0\tsequence\n",)) is None
    assert recognise(("sequence\tpattern\n",)) is None
    # Saved with commas its matches would be none.
    assert recognise((HEADER.replace("\t", ",") + "\n",)) is None
