"""Who is left out since a value is missing is counted in every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcomes.tables import OutcomeResults


def test_who_is_missing_is_counted_in_every_table(default: OutcomeResults) -> None:
    """As the flow says it."""
    for table in ("table_univariate", "table_relapse"):
        endpoint = str(default.tables[table][0]["endpoint"])
        flow = [row for row in default.tables["flow"] if row["endpoint"] == endpoint]
        found = 0
        for name in {str(row["variable"]) for row in default.tables[table]} - {"all"}:
            rows = of_factor(default, table, endpoint, name)
            left = sum(
                row["left"]  # type: ignore[misc]
                for row in flow
                if row["variable"] == name and row["step"] == "value known"
            )
            assert {row["missing"] for row in rows} == {left}
            found += left
        assert found > 0
    (model, *_) = default.tables["table_multivariable"]
    for table in ("firth", "proportionality", "stepwise"):
        (row, *_) = default.tables[f"table_multivariable_{table}"]
        assert [row[key] for key in ("n", "missing", "events")] == [
            model[key] for key in ("n", "missing", "events")
        ]
    note = default.tables["table_multivariable"][0]["note"]
    assert model["missing"] == 0 or f"{model['missing']} left out for missing" in str(note)


def of_factor(
    results: OutcomeResults, table: str, endpoint: str, name: str
) -> list[Mapping[str, object]]:
    return [
        row
        for row in results.tables[table]
        if row["endpoint"] == endpoint and row["variable"] == name
    ]
