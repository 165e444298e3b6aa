"""No file is of two formats: for every example and every header of the STAR family and its kin."""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.readers import FORMATS, recognise
from fusion_caller.tables import read_head

DATA = Path(__file__).parents[1] / "data" / "callers"
_PLACES = "LeftGene LeftBreakpoint RightGene RightBreakpoint"
_LOCAL = (
    "LeftGene LeftLocalBreakpoint LeftBreakpoint RightGene RightLocalBreakpoint RightBreakpoint"
)
HEADERS = {
    "fusion predictions": f"#FusionName JunctionReadCount SpanningFragCount est_J est_S {_PLACES}",
    "early fusion candidates, abridged": (
        f"#fusion_name JunctionReads SpanningFrags Splice_type {_PLACES}"
    ),
    "early fusion candidates": (
        f"#fusion_name JunctionReads SpanningFrags Splice_type {_PLACES} JunctionReads "
        "SpanningFrags"
    ),
    "FusionInspector.fusions.tsv": f"#FusionName JunctionReadCount SpanningFragCount {_LOCAL}",
    "cohort table of pairs": "DepMap_ID FusionName",
}
LONG_READS = f"#FusionName num_LR {_LOCAL} LR_FFPM JunctionReadCount SpanningFragCount"


def variants(head: tuple[str, ...]) -> list[str]:
    return [known.variant for known in FORMATS if known.recognises(head)]


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name[:24])
def test_an_example_is_of_one_format_at_most(path: Path) -> None:
    assert len(variants(read_head(path, name="f"))) <= 1


@pytest.mark.parametrize("variant", HEADERS)
def test_a_header_is_of_its_own_format_only(variant: str) -> None:
    assert variants(("\t".join(HEADERS[variant].split()) + "\n",)) == [variant]


def test_long_reads_merged_with_short_ones_are_not_fusioninspector_s() -> None:
    known = recognise(("\t".join(LONG_READS.split()) + "\n",))
    assert known is not None
    assert variants(("\t".join(LONG_READS.split()) + "\n",)) == ["fusion predictions"]
    assert known.source == "ctat-lr-fusion"


@pytest.mark.parametrize(
    "line",
    [
        "KMT2A--AFF1\textra\n",
        "KMT2A-AFF1\n",
        "KMT2A AFF1\n",
        "[]\n",
        '[{"genes": []}]\n',
        "chr20-chr17\t49411707\t59445685\tff\t106\n",
        "MCF7\tBCAS4\tchr20\t49411707\tBCAS3\tchr17\t59445685\t106\t116\t167\n",
        "MCF7\tBCAS4\tchr20\t+\tBCAS3\tchr17\t59445685\t106\t116\t167\t1.0\n",
        "Fusion,Databases\n",
    ],
)
def test_what_only_looks_like_a_format_is_none(line: str) -> None:
    assert variants((line,)) == []
