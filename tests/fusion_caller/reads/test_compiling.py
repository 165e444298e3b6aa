"""Machine code is kept beside its source, and where nothing can be kept it is compiled anew."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any, NoReturn

import numba
import pytest

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
from fusion_caller.reads.compiling import compiled

@compiled
def doubled(number: int) -> int:
    return 2 * number
"""
BESIDE = "fusion_caller.reads.compiling.BesideSource"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "own" / "loops.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    return path


def doubled_of(source: Path) -> Any:
    """The function as a new process gets it."""
    spec = importlib.util.spec_from_file_location("loops", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.doubled


def refuse(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError(30, "Read-only file system")


def make_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container: numba tries a folder with a temporary file, and then writes to it."""
    caching = numba.core.caching
    monkeypatch.setattr(caching.tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(caching.IndexDataCacheFile, "_open_for_write", refuse)


def test_compiled_once_for_all_processes(source: Path) -> None:
    assert doubled_of(source)(21) == 42
    again = doubled_of(source)
    assert again(21) == 42
    assert sum(again.stats.cache_hits.values()) == 1


def test_what_cannot_be_kept_is_compiled_anew(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_read_only(monkeypatch)
    for _ in range(2):
        function = doubled_of(source)
        assert function(21) == 42
        assert not function.stats.cache_hits
    assert list(source.parent.rglob("*.nb?")) == []


def test_an_image_finds_what_was_compiled_when_it_was_made(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numba.core.config, "CACHE_LOCATOR_CLASSES", BESIDE)
    assert doubled_of(source)(21) == 42
    make_read_only(monkeypatch)
    found = doubled_of(source)
    assert found(21) == 42
    assert sum(found.stats.cache_hits.values()) == 1
    # What was not foreseen works, too.
    assert found(1.5) == 3.0
