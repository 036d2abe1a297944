"""A journal gives back what was written, and believes nothing that was torn or changed."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from hsjupyter.core.errors import FileFormatError, MissingFileError, TargetExistsError
from hsjupyter.fitting.jobs import Failure, Outcome
from hsjupyter.storage.journal import Begun, begin_journal, go_on, read_journal

ORDER = np.array([3, 4, 5, 2, 1, 0])


def begun(**more):
    start, values = np.array([1.0, np.inf]), np.zeros((0, 2))
    words = {"optimizer": "lm"}
    given = {"model": "m", "data": "d", "words": words, "rule": None, "length": 2, "source": "a.h"}
    given |= {"shape": (2, 3), "order": ORDER, "start": start, "values": values, "record": b"abc"}
    return Begun(**{**given, **more})


def outcome(*pixels, failed=()):
    n = len(pixels)
    values = np.arange(2.0 * n).reshape(n, 2) + 10 * np.array(pixels, float).reshape(n, 1)
    failures = tuple(Failure(p, np.array([np.nan, 2.0]), "a reason", "engine 3") for p in failed)
    return Outcome(np.array(pixels, int), values, -values, values[:, 0], values[:, 1], failures)


def same(one, other):
    for name in ("pixels", "values", "std", "chisq", "dof"):
        assert_array_equal(getattr(one, name), getattr(other, name))
    assert [f.reason for f in one.failures] == [f.reason for f in other.failures]
    assert [f.pixel for f in one.failures] == [f.pixel for f in other.failures]


OUTCOMES = [outcome(3, 4), outcome(5, failed=[2]), outcome(failed=[1, 0])]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "run.hsjrun"
    journal = begin_journal(path, begun())
    for each in OUTCOMES:
        journal.append(each)
    journal.sync()
    journal.close()
    return path


def test_what_was_written_is_read(path):
    kept = read_journal(path)
    assert len(kept.outcomes) == 3
    for one, other in zip(kept.outcomes, OUTCOMES, strict=True):
        same(one, other)
    assert_array_equal(kept.begun.order, ORDER)
    assert_array_equal(kept.begun.start, [1.0, np.inf])
    assert (kept.begun.record, kept.begun.shape, kept.begun.length) == (b"abc", (2, 3), 2)
    assert kept.size == path.stat().st_size
    assert np.isnan(kept.outcomes[1].failures[0].start[0])
    assert kept.outcomes[1].failures[0].engine == "engine 3"


def test_a_journal_is_not_written_over(path):
    with pytest.raises(TargetExistsError, match="is there already"):
        begin_journal(path, begun())


def written(path):
    """Write a journal of all outcomes; its size before the first, and after each."""
    journal, ends = begin_journal(path, begun()), []
    first = path.stat().st_size
    for each in OUTCOMES:
        journal.append(each)
        ends.append(path.stat().st_size)
    journal.close()
    return first, ends


@given(st.data())
def test_a_torn_tail_is_dropped_wherever_it_tears(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("torn") / "run.hsjrun"
    first, ends = written(path)
    cut = data.draw(st.integers(first, ends[-1]))
    path.write_bytes(path.read_bytes()[:cut])
    whole = sum(end <= cut for end in ends)
    kept = read_journal(path)
    assert len(kept.outcomes) == whole
    assert kept.size == [first, *ends][whole]
    again = go_on(path, kept)
    again.append(OUTCOMES[2])
    again.close()
    read = read_journal(path)
    assert len(read.outcomes) == whole + 1
    same(read.outcomes[-1], OUTCOMES[2])


@given(st.data())
def test_a_changed_byte_is_never_believed(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("changed") / "run.hsjrun"
    journal = begin_journal(path, begun())
    for each in OUTCOMES:
        journal.append(each)
    journal.close()
    raw = bytearray(path.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(raw))
    try:
        kept = read_journal(path)
    except FileFormatError as refused:
        assert str(path) in str(refused)  # noqa: PT017 - it may also be read
        return
    assert len(kept.outcomes) < 3
    for one, other in zip(kept.outcomes, OUTCOMES, strict=False):
        same(one, other)


@given(st.data())
def test_after_a_power_cut_blocks_may_be_empty_and_later_ones_there(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("cut") / "run.hsjrun"
    first, ends = written(path)
    begin = data.draw(st.integers(first, ends[-1] - 1))
    end = data.draw(st.integers(begin + 1, ends[-1]))
    raw = bytearray(path.read_bytes())
    whole = bytes(raw)
    raw[begin:end] = bytes(end - begin)
    path.write_bytes(bytes(raw))
    lost = [k for k, (a, b) in enumerate(pairwise([first, *ends])) if raw[a:b] != whole[a:b]]
    kept = read_journal(path)
    assert len(kept.outcomes) == min([*lost, 3])
    for one, other in zip(kept.outcomes, OUTCOMES, strict=False):
        same(one, other)


def test_a_disk_that_takes_a_part_of_a_record_is_full(path):
    journal = go_on(path, read_journal(path))

    class Full:
        """Takes ten bytes of whatever comes."""

        def __init__(self, file):
            self.file = file

        def write(self, body):
            return self.file.write(body[:10])

    with journal._file as file:  # noqa: SLF001 - what is written to
        journal._file = Full(file)  # noqa: SLF001
        with pytest.raises(OSError, match="No space left"):
            journal.append(OUTCOMES[0])
    assert len(read_journal(path).outcomes) == 3


def test_what_is_no_journal_is_refused(tmp_path):
    with pytest.raises(MissingFileError, match=r"nowhere\.hsjrun is not there"):
        read_journal(tmp_path / "nowhere.hsjrun")
    (tmp_path / "a.hsjrun").write_bytes(b"\x89HDF")
    with pytest.raises(FileFormatError, match="is no journal of a run"):
        read_journal(tmp_path / "a.hsjrun")
    (tmp_path / "b.hsjrun").write_bytes(b"hsjupyter run 1\n")
    with pytest.raises(FileFormatError, match="damaged at its beginning"):
        read_journal(tmp_path / "b.hsjrun")


def test_pixels_outside_of_the_map_are_not_believed(tmp_path):
    journal = begin_journal(tmp_path / "a.hsjrun", begun())
    journal.append(outcome(3))
    journal.append(outcome(6))
    journal.append(outcome(4))
    journal.close()
    assert len(read_journal(tmp_path / "a.hsjrun").outcomes) == 1
    begin_journal(tmp_path / "b.hsjrun", begun(order=np.array([3, 77]))).close()
    with pytest.raises(FileFormatError, match="damaged at its beginning"):
        read_journal(tmp_path / "b.hsjrun")
