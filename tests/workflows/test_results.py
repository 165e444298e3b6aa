"""The results folder: whole or not at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workflows.results import MANIFEST, ResultsFolder, sha256, write_whole


def listing(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def interrupted(target: Path, error: BaseException) -> None:
    with ResultsFolder(target) as results:
        results.write_text("a.txt", "half")
        raise error


def test_outputs_appear_together_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with ResultsFolder(target) as results:
        results.write_text("a/b.txt", "text\n")
        assert not (target / "a").exists()
        assert (results.staging / "a/b.txt").read_text(encoding="utf-8") == "text\n"
    assert listing(target) == {"a/b.txt"}


def test_an_error_leaves_no_new_folder(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with pytest.raises(RuntimeError):
        interrupted(target, RuntimeError())
    assert not target.exists()


def test_an_error_leaves_the_results_of_before(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with ResultsFolder(target) as results:
        results.write_text("a.txt", "before")
    with pytest.raises(KeyboardInterrupt):
        interrupted(target, KeyboardInterrupt())
    assert listing(target) == {"a.txt"}
    assert (target / "a.txt").read_text(encoding="utf-8") == "before"


def ended_process() -> int:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_what_a_killed_run_was_writing_is_removed(tmp_path: Path) -> None:
    target = tmp_path / "out"
    killed = (f".partial-{ended_process()}", f".partial-{os.getpid()}")
    for name in killed:
        (target / name / "calls").mkdir(parents=True)
        (target / name / "calls/calls.tsv").write_text("P1", encoding="utf-8")
    with ResultsFolder(target) as results:
        assert not (results.staging / "calls").exists()
        results.write_text("a.txt", "whole")
    assert sorted(path.name for path in target.iterdir()) == ["a.txt"]


def test_what_may_be_another_s_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "out"
    folders = {
        f".partial-{os.getppid()}",  # of a run under way
        ".partial-1",  # of a process that mostly is another user's
        ".partial-",
        ".partial-0",
        ".partial-mine",
        f".partial-{ended_process()}.txt",
        f"x.partial-{ended_process()}",
    }
    file = f".partial-{ended_process()}"
    for name in folders:
        (target / name).mkdir(parents=True)
    (target / file).write_text("notes", encoding="utf-8")
    with ResultsFolder(target) as results:
        results.write_text("a.txt", "whole")
    assert {path.name for path in target.iterdir()} == folders | {file, "a.txt"}


def test_outputs_of_an_earlier_run_go_and_the_users_own_files_stay(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with ResultsFolder(target) as results:
        results.write_text("old.txt", "old")
        results.write_text("changed.txt", "old")
        outputs = results.sha256_of_outputs()
        results.write_json(MANIFEST, {"kmt2a": "0", "outputs": outputs})
    (target / "mine.txt").write_text("notes", encoding="utf-8")
    (target / "changed.txt").write_text("by its user", encoding="utf-8")
    with ResultsFolder(target) as results:
        results.write_text("new.txt", "new")
    assert listing(target) == {"new.txt", "mine.txt", "changed.txt", MANIFEST}


def test_a_manifest_of_another_program_removes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "theirs.txt").write_text("", encoding="utf-8")
    checksum = sha256(target / "theirs.txt")
    (target / MANIFEST).write_text(
        f'{{"outputs": {{"theirs.txt": "{checksum}"}}}}', encoding="utf-8"
    )
    with ResultsFolder(target) as results:
        results.write_text("new.txt", "new")
    assert listing(target) == {"new.txt", "theirs.txt", MANIFEST}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"kmt2a": "0", "outputs": 3}',
        "{",
        '{"kmt2a": "0", "outputs": ["../x"]}',
        '{"kmt2a": "0", "outputs": {"../x": "KEEP"}}',
    ],
)
def test_a_strange_manifest_removes_nothing(tmp_path: Path, content: str) -> None:
    outside = tmp_path / "x"
    outside.write_text("keep", encoding="utf-8")
    target = tmp_path / "out"
    target.mkdir()
    text = content.replace("KEEP", sha256(outside))
    (target / MANIFEST).write_text(text, encoding="utf-8")
    with ResultsFolder(target) as results:
        results.write_text("new.txt", "new")
    assert outside.read_text(encoding="utf-8") == "keep"


def test_tables_for_people_disarm_formulas_and_those_for_machines_keep_them(
    tmp_path: Path,
) -> None:
    rows = [{"text": "=HYPERLINK(1)", "number": -1.5e-7}]
    with ResultsFolder(tmp_path / "out") as results:
        results.write_table("people.tsv", ("text", "number"), rows, for_people=True)
        results.write_table("machine.tsv", ("text", "number"), rows)
    people = (tmp_path / "out/people.tsv").read_text(encoding="utf-8")
    machine = (tmp_path / "out/machine.tsv").read_text(encoding="utf-8")
    assert people == "text\tnumber\n'=HYPERLINK(1)\t-1.5e-07\n"
    assert machine == "text\tnumber\n=HYPERLINK(1)\t-1.5e-07\n"


def test_checksums_name_every_output(tmp_path: Path) -> None:
    with ResultsFolder(tmp_path / "out") as results:
        results.write_text("b.txt", "")
        results.write_json("a.json", {"k": "ü"})
        sums = results.sha256_of_outputs()
    assert list(sums) == ["a.json", "b.txt"]
    assert sums["b.txt"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert json.loads((tmp_path / "out/a.json").read_text(encoding="utf-8")) == {"k": "ü"}


def test_write_whole_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    write_whole(path, b"new")
    assert listing(tmp_path) == {"page.html"}
    assert path.read_bytes() == b"new"


def test_pages_of_single_patients_do_not_outlive_the_run_whose_numbers_they_bear(
    tmp_path: Path,
) -> None:
    target = tmp_path / "results"
    for name in ("one", "two"):
        with ResultsFolder(target) as results:
            results.write_text("a.tsv", name)
            outputs = results.sha256_of_outputs()
            results.write_json("manifest.json", {"kmt2a": "0", "inputs": [], "outputs": outputs})
        if name == "one":
            (target / "patient_7.html").write_text("a page")
            (target / "patient_mine.html").write_text("mine")
    assert sorted(path.name for path in target.iterdir()) == [
        "a.tsv",
        "manifest.json",
        "patient_mine.html",
    ]
