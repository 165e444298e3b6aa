"""`outcomes/README.md` names every key of an analysis file and every table."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from outcomes.analysis import _KEYS, load_analysis
from outcomes.tables import TABLES

PAGE = (Path(__file__).parents[2] / "outcomes" / "README.md").read_text(encoding="utf-8")


def test_every_key_is_explained() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", PAGE, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([a-z_]+)`", row)]
    assert [name for name in named if name in _KEYS] == list(_KEYS)


def test_every_table_is_named() -> None:
    named = set(re.findall(r"`([a-z_]+)\.tsv`", PAGE))
    named |= {f"table_multivariable{suffix}" for suffix in re.findall(r"`(_[a-z]+)`", PAGE)}
    assert named == set(TABLES)


def test_the_factors_shown_can_be_declared(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    declared = yaml.safe_load(example)["factors"]
    path = tmp_path / "own.yaml"
    path.write_text(example, encoding="utf-8")
    factors = load_analysis(path).factors
    assert set(declared) < set(factors)
    assert factors["stage"].ordered
