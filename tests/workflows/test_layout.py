"""The tree's own rule: data goes one way, and so do imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN = {"fusion_caller": {"outcomes", "workflows"}, "outcomes": {"workflows"}}


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_imports_nothing_behind_it(package: str) -> None:
    modules = list((ROOT / package).rglob("*.py"))
    assert len(modules) > 5
    for module in modules:
        assert imported(module).isdisjoint(FORBIDDEN[package]), module


@pytest.mark.parametrize("package", ["fusion_caller", "outcomes", "workflows"])
def test_no_module_is_a_drawer_for_odds_and_ends(package: str) -> None:
    stems = {path.stem for path in (ROOT / package).rglob("*.py")}
    assert stems.isdisjoint({"utils", "util", "common", "helpers", "misc"})
