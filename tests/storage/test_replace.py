"""Writing beside a file and taking its place: nothing is harmed, nothing is left."""

import sys
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Barrier, Thread

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import SaveError, TargetExistsError
from hsjupyter.storage import replace
from hsjupyter.storage.replace import replacing

HOLDS = """
import sys
from hsjupyter.storage.replace import replacing
with replacing(sys.argv[1], overwrite=True) as beside:
    beside.write_text("half")
    print(beside, flush=True)
    sys.stdin.readline()
"""


def holder(target):
    """A process in the middle of writing."""
    command = [sys.executable, "-c", HOLDS, str(target)]
    process = Popen(command, stdin=PIPE, stdout=PIPE, text=True)
    return process, Path(process.stdout.readline().strip())


def test_what_a_killed_writer_left_goes_with_the_next_writing(tmp_path):
    target = tmp_path / "fit.hspy"
    target.write_text("old")
    for _ in range(3):
        process, beside = holder(target)
        with process:
            assert beside.exists()
            process.kill()
    # The second and third writer removed what those before them had left.
    assert sorted(tmp_path.iterdir()) == sorted([target, beside])
    hs.signals.Signal1D(np.ones(3)).save(target, overwrite=True)
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_living_writer_writes_stays(tmp_path):
    target = tmp_path / "fit.hspy"
    process, beside = holder(target)
    with process:
        with replacing(target) as other:
            other.write_text("mine")
        assert beside.read_text() == "half"
        process.communicate("go on\n")
    assert process.returncode == 0
    assert target.read_text() == "half"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "name", [".fit.hspy.a.b.part", ".fit.hspyx.abc.part", "fit.hspy.abc.part", ".fit.hspy.abc"]
)
def test_files_of_others_are_not_taken_for_stale_ones(name, tmp_path):
    (tmp_path / name).write_text("precious")
    with replacing(tmp_path / "fit.hspy") as beside:
        beside.write_text("new")
    assert (tmp_path / name).read_text() == "precious"


def test_a_file_system_without_locks_is_written_to(tmp_path, monkeypatch):
    monkeypatch.setattr(replace, "_lock", lambda _handle: False)
    (tmp_path / ".fit.hspy.abc.part").write_text("perhaps in use")
    with replacing(tmp_path / "fit.hspy") as beside:
        beside.write_text("new")
    assert (tmp_path / "fit.hspy").read_text() == "new"
    assert (tmp_path / ".fit.hspy.abc.part").exists()


def test_a_file_system_without_links_is_written_to(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with replacing(tmp_path / "fit.hspy") as beside:
        beside.write_text("new")
    assert [p.name for p in tmp_path.iterdir()] == ["fit.hspy"]


def test_a_read_only_file_is_kept(tmp_path):
    path = hs.signals.Signal1D(np.ones(3)).save(tmp_path / "fit")
    path.chmod(0o444)
    before = path.read_bytes()
    with pytest.raises(SaveError, match="is read-only and is kept; save under another name"):
        hs.signals.Signal1D(np.zeros(3)).save(path, overwrite=True)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("folder", ["/proc/self", "/nowhere/at/all"])
def test_a_folder_that_takes_no_file_is_told(folder):
    with pytest.raises(SaveError, match=r"cannot be written: .*; choose a folder that exists"):
        hs.signals.Signal1D(np.ones(3)).save(f"{folder}/fit.hspy")


@pytest.mark.parametrize(
    "name", ["x" * 250, "\N{GREEK SMALL LETTER SIGMA}" * 120, "\N{SNOWMAN} fit"]
)
def test_long_and_foreign_names_are_written(name, tmp_path):
    path = hs.signals.Signal1D(np.ones(3)).save(tmp_path / f"{name}.hspy")
    assert hs.load(path).data.sum() == 3
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_too_long_is_told(tmp_path):
    with pytest.raises(SaveError, match="shorter name"):
        hs.signals.Signal1D(np.ones(3)).save(tmp_path / f"{'x' * 300}.hspy")


def test_of_two_writers_of_a_new_file_one_is_told(tmp_path):
    """Both find no file; whoever is second must not take the place of the first."""
    target = tmp_path / "fit.txt"
    both = Barrier(2)
    told = []

    def write(text):
        try:
            with replacing(target) as beside:
                beside.write_text(text)
                both.wait(60)
            told.append(text)
        except TargetExistsError as why:
            told.append(str(why))

    threads = [Thread(target=write, args=(text,)) for text in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("written meanwhile" in text for text in told) == 1
    assert target.read_text() in told
    assert list(tmp_path.iterdir()) == [target]


def test_a_stale_file_that_is_locked_in_time_is_made_anew(tmp_path, monkeypatch):
    """Another writer removes the new file in the moment before it is locked."""
    lock, once = replace._lock, [True]  # noqa: SLF001 - stands between two steps of one call

    def late(handle):
        if once:
            once.clear()
            (stolen,) = tmp_path.iterdir()
            stolen.unlink()
        return lock(handle)

    monkeypatch.setattr(replace, "_lock", late)
    with replacing(tmp_path / "fit.txt") as beside:
        beside.write_text("new")
    assert (tmp_path / "fit.txt").read_text() == "new"
    assert list(tmp_path.iterdir()) == [tmp_path / "fit.txt"]
