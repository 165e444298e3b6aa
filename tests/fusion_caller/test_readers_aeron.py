"""AERON, which names genes by identifier and has neither header nor positions.

The file is real; other rows are synthetic.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import FusionCall, Source

AERON = Path(__file__).parents[1] / "data" / "callers" / "aeron_fusion_support.txt"


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def table(folder: Path, *lines: list[str]) -> CallerFile:
    path = folder / "table"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return read(path)


def test_aeron_in_full() -> None:
    file = read(AERON)
    assert (file.source, file.variant) == (Source.AERON, "fusion_support.txt")
    assert (file.n_rows, file.set_aside) == (20, ())
    assert file.calls[0] == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.AERON,
        gene_5prime="ENSG00000212907",
        gene_3prime="ENSG00000198886",
        reported_5prime="ENSG00000212907.2",
        reported_3prime="ENSG00000198886.2",
        gene_id_5prime="ENSG00000212907.2",
        gene_id_3prime="ENSG00000198886.2",
        split_reads=458,
        spanning_fragments=None,
        event_type="orientation not known",
        extras={"fusion": "fusion_115_ENSG00000212907.2_291bp_ENSG00000198886.2_1340bp_50reads"},
        file="f",
        line=1,
    )


def test_aeron_s_identifiers_of_packaged_genes_have_symbols(tmp_path: Path) -> None:
    name = "fusion_3_ENSG00000118058.21_900bp_ENSG00000172493.20_700bp_4reads"
    (call,) = table(tmp_path, [name, "12"]).calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "AFF1")
    assert (call.reported_5prime, call.split_reads) == ("ENSG00000118058.21", 12)


def test_what_of_aeron_is_set_aside(tmp_path: Path) -> None:
    first = AERON.read_text(encoding="utf-8").splitlines()[0].split("\t")
    file = table(tmp_path, first, ["fusion_4", "3"], [first[0], "x"])
    assert (file.n_rows, len(file.calls)) == (3, 1)
    assert [(row.line, row.reason) for row in file.set_aside] == [
        (
            2,
            (
                "column 'fusion': expected fusion_<number>_<gene>_<length>bp_<gene>_<length>bp_"
                "<number>reads, found 'fusion_4'"
            ),
        ),
        (3, "column 'support': expected a count, found 'x'"),
    ]


def test_two_columns_of_something_else_are_not_aeron_s(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected the output of a caller that is known"):
        table(tmp_path, ["fusion", "support"], ["KMT2A::AFF1", "12"])
