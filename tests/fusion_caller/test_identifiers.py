"""Identifiers: what is let in and what is kept out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.errors import BadValueError
from fusion_caller.identifiers import check_identifier


@pytest.mark.parametrize(
    "text", ["P1", "7", "SYN-01_a", "MV4-11", "Żółć 2", "患者1", "A+B", "x:1.2", "a" * 128]
)
def test_good_identifiers_come_back_unchanged(text: str) -> None:
    assert check_identifier(text, what="patient") == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected the identifier of a patient, found nothing"),
        ("a" * 129, "expected at most 128 characters in the identifier of a patient, found 129"),
        ("-1", "to start with a letter or a digit, found '-'"),
        ("=SUM(A1)", "to start with a letter or a digit, found '='"),
        ("_a", "to start with a letter or a digit, found '_'"),
        (" a", "to start with a letter or a digit, found ' '"),
        ("../x", "to start with a letter or a digit, found '.'"),
        ("a/b", "found '/'"),
        ("a\\b", "found '\\'"),
        ("a\nb", "found U+000A"),
        ("a\x00", "found U+0000"),
        ("a\u202eb", "found U+202E"),
        ("a\u00a0b", "found U+00A0"),
        ("a..b", "expected no '..'"),
        ("a,b", "found ','"),
    ],
)
def test_bad_identifiers_are_refused(text: str, problem: str) -> None:
    with pytest.raises(BadValueError) as error:
        check_identifier(text, what="patient")
    assert problem in error.value.problem
    assert "\n" not in error.value.problem


@given(st.text(max_size=200))
def test_whatever_passes_is_a_safe_file_name(text: str) -> None:
    try:
        check_identifier(text, what="sample")
    except BadValueError:
        return
    assert 1 <= len(text) <= 128
    assert text[0].isalnum()
    assert not set(text) & set('/\\\t\r\n\0"<>|*?')
    assert ".." not in text
