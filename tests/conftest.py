"""What holds for every test: property tests repeat, and no slow machine fails them.

At the end of a run stands how far every statistic is from R's, where those tests ran.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from types import ModuleType

settings.register_profile("kmt2a", deadline=None, derandomize=True)
settings.load_profile("kmt2a")


def load_agreement() -> ModuleType:
    """Import `benchmarks/agreement.py`, which is a script and in no package."""
    return _loaded(Path(__file__).parents[1] / "benchmarks" / "agreement.py")


def _loaded(path: Path) -> ModuleType:
    if path.stem not in sys.modules:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[path.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[path.stem])
    return sys.modules[path.stem]


@pytest.fixture(scope="session")
def made_genome() -> Any:
    """A genome with KMT2A and a few genes, for all tests; see `tests/made_genome.py`."""
    return _loaded(Path(__file__).with_name("made_genome.py")).made_genome()


@pytest.fixture(scope="session")
def aligned(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A simulated sample as STAR, HISAT2 and minimap2 align it; see `tests/aligned.py`.

    Some 30 seconds of processor time and 0.7 GB, once for each process: tests with it are of the
    group `aligners`.
    """
    return _loaded(Path(__file__).with_name("aligned.py")).align_all(
        tmp_path_factory.mktemp("aligned")
    )


@pytest.fixture(scope="session")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A SLURM of one node; see `tests/slurm_node.py`. Tests with it are of the group `slurm`."""
    module = _loaded(Path(__file__).with_name("slurm_node.py"))
    with module.one_node(tmp_path_factory.mktemp("slurm") / "log") as found:
        yield found


@pytest.fixture(scope="session")
def rnafusion_folders() -> Any:
    """Makes results folders of nf-core/rnafusion; see `tests/rnafusion_folders.py`."""
    return _loaded(Path(__file__).with_name("rnafusion_folders.py"))


@pytest.fixture(scope="session")
def nextflow(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The real Nextflow, which runs the pipeline; see `tests/nextflow_runs.py`."""
    runs = _loaded(Path(__file__).with_name("nextflow_runs.py"))
    return runs.install(tmp_path_factory.mktemp("nextflow_home"))


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The image of the pipeline and podman, which runs it; see `tests/built_image.py`.

    Two minutes of processor time, once for each process: tests with it are of the group `image`.
    """
    yield from _loaded(Path(__file__).with_name("built_image.py")).build(
        tmp_path_factory.mktemp("image")
    )


@pytest.fixture(scope="session")
def agreement() -> ModuleType:
    """The comparison with R that people run as a command."""
    return load_agreement()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the largest differences that `test_agreement_with_r.py` recorded, by data set."""
    recorded = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == "difference_from_r"
    ]
    if recorded:
        module = load_agreement()
        found = [
            module.Difference(dataset=dataset, statistic=statistic, largest=largest, limit=limit)
            for dataset, statistic, largest, limit in recorded
        ]
        terminalreporter.section("largest absolute difference from R")
        terminalreporter.line(module.table(found))
