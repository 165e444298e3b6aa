"""`kmt2a iscn`: what it prints for people and for programs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from workflows.cli import cli

KEYS = {
    "input",
    "type",
    "ok",
    "error",
    "mended",
    "kmt2a",
    "verdict",
    "partner_bands",
    "candidates",
    "clones",
    "finding",
    "reading",
    "cannot_tell",
    "canonical",
}
CLONE_KEYS = {"text", "number", "sex", "cells", "composite", "inherits", "kmt2a", "events"}


def iscn(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["iscn", *arguments], input=stdin, catch_exceptions=False)


def test_an_object_has_all_keys_whatever_the_string() -> None:
    texts = ("46,XX,t(4;11)(q21;q23)[18]/46,XX[2]", "hello", "2F", "", "arr(1-22)x2")
    done = iscn("--json", *texts)
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert done.exit_code == 0
    assert [answer["input"] for answer in answers] == list(texts)
    assert all(set(answer) == KEYS for answer in answers)
    assert [answer["ok"] for answer in answers] == [True, False, True, True, True]
    assert all(bool(answer["kmt2a"]) is answer["ok"] for answer in answers)


def test_an_object_in_full() -> None:
    (line,) = iscn("--json", "46XX,t(4;11)(q21;q23)[18]/46,XX[2]").output.splitlines()
    answer = json.loads(line)
    assert answer["type"] == "karyotype"
    assert answer["kmt2a"] == "rearranged"
    assert answer["mended"] == ["A ',' was put in at column 3."]
    assert answer["canonical"] == "46,XX,t(4;11)(q21;q23)[18]/46,XX[2]"
    assert answer["partner_bands"] == ["4q21"]
    assert answer["candidates"][0] == "AFF1"
    assert answer["finding"] == "rearranged_11q23"
    first, second = answer["clones"]
    assert set(first) == CLONE_KEYS
    assert first["events"] == ["t(4;11)(q21;q23)"]
    assert (first["kmt2a"], first["cells"]) == ("rearranged", 18)
    assert (second["kmt2a"], second["cells"], second["events"]) == ("not_visible", 2, [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("46,XX[20]", "karyotype"),
        ("46,XX[20].nuc ish(KMT2Ax2)[200]", "karyotype+fish"),
        ("46,XX.ish der(10)ins(10;11)(p13;q23q23)(KMT2A+)[20]", "karyotype+metaphase_fish"),
        ("nuc ish(KMT2Ax2)[200]", "fish"),
        ("1F1R1G", "fish"),
        ("arr[GRCh38] 11q23.3(118484000_119360000)x1", "array"),
        ("ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;118485000)", "ogm"),
        ("46,XX[20].arr(X,1-22)x2", "karyotype+array"),
        ("hello", ""),
    ],
)
def test_types(text: str, kind: str) -> None:
    assert json.loads(iscn("--json", text).output)["type"] == kind


@pytest.mark.parametrize(
    ("text", "verdict", "headline"),
    [
        ("46,XX[20]", "negative", "not visible"),
        ("not done", "not_done", "not done"),
        ("culture failure", "not_done", "not done"),
        ("nuc ish(BCRx2)[200]", "not_done", "not tested"),
        ("borderline", "inconclusive", "left open"),
        ("//46,XY[20]", "inconclusive", "left open"),
        ("46,XX,del(11)(q23)[20]", "inconclusive", "possible"),
        ("1F1R1G", "positive", "rearranged"),
        ("arr(1-22)x2.nuc ish(KMT2Ax2)[200]", "negative", "not visible"),
    ],
)
def test_a_negative_result_is_told_from_none(text: str, verdict: str, headline: str) -> None:
    assert json.loads(iscn("--json", text).output)["verdict"] == verdict
    assert f"  KMT2A: {headline}. " in iscn(text).output


def test_what_is_not_understood_has_its_own_remedy() -> None:
    (fish, karyotype) = (
        json.loads(line)
        for line in iscn("--json", "odd signals in most nuclei", "hello").output.splitlines()
    )
    assert fish["verdict"] == karyotype["verdict"] == "not_understood"
    assert "1F1R1G" in fish["error"]
    assert "46,XX" not in fish["error"] + fish["reading"]
    assert "1F1R1G" not in karyotype["error"]


def test_candidates_from_memory_are_marked() -> None:
    said = iscn("46,XX,t(11;17)(q23;q21)").output
    (line,) = [one for one in said.splitlines() if one.startswith("  candidates: ")]
    assert "RARA (from memory)" in line
    assert "MLLT6 (27 patients)" in line
    assert "RARA" in json.loads(iscn("--json", "46,XX,t(11;17)(q23;q21)").output)["candidates"]


def test_a_clone_of_no_cells_is_said() -> None:
    said = iscn("46,XX,t(4;11)(q21;q23)[0]/46,XX[20]").output
    assert "  11q23 in clone 1: rearranged, of which no cell was seen" in said
    assert "  KMT2A: not visible. Normal karyotype." in said
    assert "11q33 does not exist (11q ends at q25)" in iscn("46,XX,t(9;11)(p22;q33)").output


def test_what_people_read() -> None:
    done = iscn("46XX,t(9;11)(p22;q23)[18]/47,idem,+8[2]", "hello")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == "46XX,t(9;11)(p22;q23)[18]/47,idem,+8[2]"
    assert "  clone 1: 46,XX,t(9;11)(p22;q23)[18]" in lines
    assert "    t(9;11)(p22;q23): translocation 9p22 and 11q23" in lines
    assert "  11q23 in clone 2: rearranged" in lines
    assert "  bands of the partner: 9p22" in lines
    assert "  candidates: MLLT3 (612 patients)" in lines
    assert "  mended: A ',' was put in at column 3." in lines
    assert any(line.startswith("  cannot tell: ") for line in lines)
    assert lines[-2] == "hello"
    assert lines[-1].startswith("  not understood: column 1: expected ")


def test_nothing_to_explain_is_a_usage_error() -> None:
    assert iscn().exit_code == 2
    assert iscn("-", stdin="\n\n").output == ""


def test_help_documents_the_types() -> None:
    said = iscn("--help").output
    assert "metaphase_fish" in said
    assert "`ok`" in said
    assert "`verdict`" in said
