"""The clinical table as JSON Schema (draft 2020-12), made from the dictionary and its rules."""

from __future__ import annotations

from typing import Any

from fusion_caller.identifiers import LONGEST
from outcomes.clinical.dictionary import COLUMNS, OWN_COLUMNS, Column, Kind
from outcomes.clinical.rules import RULES

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DATE_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# The lookahead refuses a limit of zero.
_BELOW_PATTERN = r"^< *\+?(?!0*\.?0*([eE].*)?$)([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def row_schema() -> dict[str, Any]:
    """Make the JSON Schema of one row of the clinical table, as an object.

    A missing value is a missing key. What is impossible and JSON Schema can say is in `allOf`,
    each with the name of its rule as title; the other rules stand in `$comment`, in words.
    """
    return {
        "$schema": DRAFT,
        "title": "One row of the clinical table of kmt2a",
        "description": "An object a patient; a missing value is a missing key. The table may write "
        f"categories in upper or lower case. {OWN_COLUMNS}",
        "type": "object",
        "properties": {column.name: _property(column) for column in COLUMNS},
        "required": ["patient"],
        "allOf": [
            {"title": rule.name, "description": rule.sentence, **rule.schema}
            for rule in RULES
            if rule.schema
        ],
        "$comment": "Rules that are not in this schema. "
        + " ".join(
            f"{rule.name} ({rule.severity}): {rule.sentence}" for rule in RULES if not rule.schema
        ),
    }


def _property(column: Column) -> dict[str, Any]:
    meaning = f"{column.meaning} ({column.unit})" if column.unit else column.meaning
    return {"description": meaning, **_values(column)}


def _values(column: Column) -> dict[str, Any]:
    number: dict[str, Any] = {"type": "number"}
    if column.minimum is not None:
        number["minimum"] = column.minimum
    if column.maximum is not None:
        number["maximum"] = column.maximum
    by_kind: dict[Kind, dict[str, Any]] = {
        # `check_identifier` asks more: letters and digits of any script, no path.
        Kind.IDENTIFIER: {"type": "string", "minLength": 1, "maxLength": LONGEST},
        Kind.CATEGORY: {"type": "string", "enum": list(column.allowed)},
        Kind.NUMBER: number,
        Kind.NUMBER_OR_BELOW: {"anyOf": [number, {"type": "string", "pattern": _BELOW_PATTERN}]},
        Kind.FLAG: {"type": "integer", "enum": [0, 1]},
        Kind.DATE: {"type": "string", "format": "date", "pattern": _DATE_PATTERN},
    }
    return by_kind[column.kind]
