"""A few of the changed files of `tests.storage.mutate`: our errors only, in little memory."""

from tests.storage.mutate import faults, run


def test_changed_files_give_a_signal_or_our_error(tmp_path):
    count, bad = faults(run(0, 150, tmp_path))
    assert not bad
    assert count["refused"] > 30
    assert count["loaded"] > 30
    assert count["refused"] + count["loaded"] == 150
