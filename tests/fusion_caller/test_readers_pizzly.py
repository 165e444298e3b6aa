"""pizzly: its JSON and the table made of it.

The table is real; the JSON is synthetic in the form that pizzly's source writes, with real
identifiers and MANE transcripts of KMT2A and AFF1.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import FusionCall, Source

TABLE = Path(__file__).parents[1] / "data" / "callers" / "pizzly_flat.tsv"
HEADER = "geneA.name\tgeneA.id\tgeneB.name\tgeneB.id\tpaircount\tsplitcount\ttranscripts.list\n"
KMT2A_FIRST = "ENST00000534358_0:4502_ENST00000395146_1390:9553"
AFF1_FIRST = "ENST00000395146_0:1390_ENST00000534358_4502:16600"
JSON = """{
  "genes" : [
    {
      "geneA" : { "id" : "ENSG00000118058", "name" : "KMT2A"},
      "geneB" : { "id" : "ENSG00000172493", "name" : "AFF1"},
      "paircount" : 8,
      "splitcount" : 21,
      "transcripts" : [
        {
          "fasta_record": "ENST00000534358_0:4502_ENST00000395146_1390:9553",
          "transcriptA": {"id" : "ENST00000534358", "startPos" : 0, "endPos" : 4502, "edit" : 0},
          "transcriptB": {"id" : "ENST00000395146", "startPos" : 1390, "endPos" : 9553, "edit" : 0},
          "support" : 29,
          "reads" : [0, 1]
        }
      ],
      "readpairs" : [
        { "type" : "SPLIT", "read1" : { "name" : "r1" } }
      ]
    },
    {
      "geneA" : { "id" : "ENSG00000162613", "name" : "FUBP1"},
      "geneB" : { "id" : "ENSG00000115677", "name" : "HDLBP"},
      "paircount" : 3,
      "splitcount" : 0,
      "transcripts" : [
      ],
      "readpairs" : [
      ]
    }
  ]
}"""


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def read_text(folder: Path, text: str) -> CallerFile:
    path = folder / "pizzly"
    path.write_text(text, encoding="utf-8")
    return read(path)


def row(*records: str, names: tuple[str, str] = ("KMT2A", "AFF1")) -> str:
    ids = {"KMT2A": "ENSG00000118058", "AFF1": "ENSG00000172493"}
    cells = (names[0], ids[names[0]], names[1], ids[names[1]], "8", "21", ";".join(records))
    return HEADER + "\t".join(cells) + "\n"


def test_the_table_in_full() -> None:
    file = read(TABLE)
    assert (file.source, file.variant) == (Source.PIZZLY, "flattened table")
    assert (file.n_rows, file.set_aside) == (3, ())
    assert [(c.gene_5prime, c.gene_3prime) for c in file.calls] == [
        ("FUBP1", "HDLBP"),
        ("ARHGEF12", "MEF2A"),
        ("TPRXL", "TMC1"),
    ]
    assert file.calls[2] == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.PIZZLY,
        gene_5prime="TPRXL",
        gene_3prime="TMC1",
        reported_5prime="TPRXL",
        reported_3prime="TMC1",
        gene_id_5prime="ENSG00000180438",
        gene_id_3prime="ENSG00000165091",
        split_reads=1,
        spanning_fragments=0,
        extras={"transcripts.list": "ENST00000530586_0:210_ENST00000297784_113:3201"},
        file="f",
        line=4,
    )
    assert (file.calls[0].split_reads, file.calls[0].spanning_fragments) == (11, 3)


def test_the_5prime_gene_is_the_one_of_the_first_transcript(tmp_path: Path) -> None:
    (call,) = read_text(tmp_path, row(KMT2A_FIRST)).calls
    assert (call.gene_5prime, call.gene_3prime, call.event_type) == ("KMT2A", "AFF1", "")
    # Older builds put the lower identifier first, whatever the transcript is.
    (call,) = read_text(tmp_path, row(AFF1_FIRST)).calls
    assert (call.gene_5prime, call.gene_3prime, call.event_type) == ("AFF1", "KMT2A", "")
    assert (call.gene_id_5prime, call.gene_id_3prime) == ("ENSG00000172493", "ENSG00000118058")
    # Of transcripts that are not packaged nobody here knows the gene.
    (call,) = read_text(tmp_path, row("ENST1_0:5_ENST2_9:10", names=("AFF1", "KMT2A"))).calls
    assert (call.gene_5prime, call.event_type) == ("AFF1", "")


def test_transcripts_of_both_directions_share_one_count(tmp_path: Path) -> None:
    (call,) = read_text(tmp_path, row(KMT2A_FIRST, AFF1_FIRST)).calls
    assert (call.gene_5prime, call.event_type) == ("KMT2A", "orientation not known")


def test_a_version_of_a_transcript_does_not_matter(tmp_path: Path) -> None:
    versioned = AFF1_FIRST.replace("534358", "534358.8").replace("395146", "395146.9")
    (call,) = read_text(tmp_path, row(versioned)).calls
    assert (call.gene_5prime, call.breakpoint_5prime) == ("AFF1", None)


def test_json_in_full(tmp_path: Path) -> None:
    file = read_text(tmp_path, JSON)
    assert (file.source, file.variant) == (Source.PIZZLY, "JSON")
    assert (file.n_rows, file.set_aside) == (2, ())
    first, second = file.calls
    transcripts = json.loads(first.extras["transcripts"])
    assert transcripts[0]["transcriptA"]["endPos"] == 4502
    assert first == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.PIZZLY,
        gene_5prime="KMT2A",
        gene_3prime="AFF1",
        reported_5prime="KMT2A",
        reported_3prime="AFF1",
        gene_id_5prime="ENSG00000118058",
        gene_id_3prime="ENSG00000172493",
        split_reads=21,
        spanning_fragments=8,
        extras={
            "transcripts": first.extras["transcripts"],
            "readpairs": '[{"type":"SPLIT","read1":{"name":"r1"}}]',
        },
        file="f",
        line=3,
    )
    assert (second.gene_5prime, second.line, second.split_reads) == ("FUBP1", 21, 0)


def test_json_of_another_writer_and_of_the_reciprocal(tmp_path: Path) -> None:
    parsed = json.loads(JSON)
    (transcript,) = parsed["genes"][0]["transcripts"]
    transcript["transcriptA"], transcript["transcriptB"] = (
        transcript["transcriptB"],
        transcript["transcriptA"],
    )
    file = read_text(tmp_path, json.dumps(parsed))
    assert [(c.gene_5prime, c.gene_3prime, c.line) for c in file.calls] == [
        ("AFF1", "KMT2A", 1),
        ("FUBP1", "HDLBP", 1),
    ]


def test_json_without_a_fusion(tmp_path: Path) -> None:
    for text in ('{\n  "genes" : [\n\n  ]\n}', '{"genes":[]}\n'):
        file = read_text(tmp_path, text)
        assert (file.variant, file.n_rows, file.calls) == ("JSON", 0, ())


def test_cut_json_is_refused_with_the_line(tmp_path: Path) -> None:
    cut = JSON.index('"paircount" : 3')
    with pytest.raises(InputError) as error:
        read_text(tmp_path, JSON[:cut])
    assert (error.value.line, error.value.remedy) == (
        24,
        "the file is damaged or was cut off, make it again",
    )
    assert str(error.value).startswith("f, line 24: the JSON cannot be read (")


def test_json_cut_anywhere_never_reads_as_whole(tmp_path: Path) -> None:
    for length in range(len('{"genes":[]}'), len(JSON)):
        with pytest.raises(InputError):
            read_text(tmp_path, JSON[:length])


@pytest.mark.parametrize("end", [" ]", "] } x", "] }}", "]}{}", ", ]}"])
def test_json_with_a_wrong_end_is_refused(tmp_path: Path, end: str) -> None:
    with pytest.raises(InputError) as error:
        read_text(tmp_path, JSON.rstrip().removesuffix("]\n}") + end)
    assert error.value.line == 31


def test_json_too_deep_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the JSON cannot be read"):
        read_text(tmp_path, '{"genes":[{"geneA":' + "[" * 200_000)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            '"splitcount" : 21',
            '"splitcount" : -1',
            "column 'splitcount': expected a count, found '-1'",
        ),
        (
            '"splitcount" : 21',
            '"splitcount" : "x"',
            "column 'splitcount': expected a count, found 'x'",
        ),
        ('"name" : "AFF1"', '"name" : ""', "column 'geneB': expected a value, found none"),
        (
            '"transcripts" : [\n        {',
            '"transcripts" : 1, "t": [\n        {',
            "column 'transcripts': expected a list",
        ),
    ],
)
def test_what_of_json_is_set_aside(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in JSON
    file = read_text(tmp_path, JSON.replace(old, new))
    (aside,) = file.set_aside
    assert (file.n_rows, len(file.calls), aside.line, aside.names_kmt2a) == (2, 1, 3, True)
    assert aside.reason == f"the row names KMT2A; {reason}"


def test_a_missing_count_is_not_zero(tmp_path: Path) -> None:
    file = read_text(
        tmp_path, JSON.replace('"splitcount" : 21,', "").replace('"paircount" : 8,', "")
    )
    assert (file.calls[0].split_reads, file.calls[0].spanning_fragments) == (None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            row("ENST1"),
            (
                "column 'transcripts.list': expected transcript_0:end_transcript_start:end, "
                "found 'ENST1'"
            ),
        ),
        (
            row(KMT2A_FIRST).replace("\t21\t", "\tx\t"),
            "column 'splitcount': expected a count, found 'x'",
        ),
        (row(KMT2A_FIRST).replace("AFF1", ""), "column 'geneB.name': expected a value, found none"),
    ],
)
def test_what_of_the_table_is_set_aside(tmp_path: Path, text: str, reason: str) -> None:
    file = read_text(tmp_path, text)
    (aside,) = file.set_aside
    assert (file.n_rows, file.calls, aside.line) == (1, (), 2)
    assert aside.reason == f"the row names KMT2A; {reason}"
