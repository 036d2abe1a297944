"""HyperSpy opens what we write, and we open what HyperSpy writes."""

import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.signals import Signal1D, Signal2D
from hsjupyter.storage import load, save
from tests.storage.compare import assert_same_signal

pytestmark = pytest.mark.hyperspy

HERE = Path(__file__).parents[2]


def files():
    """Every file there is to open: HyperSpy's own, ours, and real maps laid beside."""
    folders = [
        Path(root)
        for name in ("hyperspy", "exspy")
        for root in find_spec(name).submodule_search_locations
    ]
    folders += [HERE / "hsjupyter/sample_data", HERE.parent / "shared/data/maps"]
    found = [path for folder in folders for path in sorted(folder.rglob("*.hspy"))]
    return [pytest.param(path, id=path.name) for path in found]


@pytest.fixture(scope="module")
def hs():
    from hyperspy import api

    api.preferences.General.show_progressbar = False
    return api


def ours(shape, n_sig, **kwargs):
    kind = {1: Signal1D, 2: Signal2D}[n_sig]
    data = np.random.default_rng(1).normal(size=shape)
    return kind(data, metadata={"General": {"title": "t"}}, **kwargs)


# -- they open ours ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "n_sig"), [((7,), 1), ((3, 7), 1), ((2, 3, 7), 1), ((2, 3, 4, 7), 1), ((3, 4, 5), 2)]
)
def test_hyperspy_opens_our_signals(shape, n_sig, hs, tmp_path):
    s = ours(shape, n_sig)
    for number, axis in enumerate(s.axes_manager._axes):
        axis.name, axis.units = f"axis{number}", "µm"
        axis.scale, axis.offset = 0.25 * (number + 1), -3.5
    theirs = hs.load(save(s, tmp_path / "ours"))
    assert type(theirs).__name__ == type(s).__name__
    assert_same_signal(s, theirs)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i4", "f4", "f8", "c8", "?"])
def test_hyperspy_opens_our_dtypes(dtype, hs, tmp_path):
    s = Signal1D(np.arange(12).reshape(3, 4).astype(dtype))
    assert_same_signal(s, hs.load(save(s, tmp_path / "ours")))


def test_hyperspy_opens_our_uneven_axes_and_bins(hs, tmp_path):
    axes = [
        {"axis": [1.0, 2.0, 4.0], "name": "z", "navigate": True},
        {"axis": [9.0, 5.0, 4.0, 1.0], "name": "E", "units": "eV", "is_binned": True},
    ]
    s = Signal1D(np.ones((3, 4)), axes)
    theirs = hs.load(save(s, tmp_path / "ours"))
    assert_same_signal(s, theirs)
    assert theirs.axes_manager["E"].is_binned


def test_hyperspy_reads_our_noise_variance(hs, tmp_path):
    s = ours((2, 3, 7), 1)
    s.set_noise_variance(Signal1D(s.data**2))
    theirs = hs.load(save(s, tmp_path / "ours"))
    variance = theirs.get_noise_variance()
    np.testing.assert_array_equal(variance.data, s.data**2)
    assert variance.axes_manager.shape == theirs.axes_manager.shape
    s.set_noise_variance(0.25)
    assert hs.load(save(s, tmp_path / "scalar")).get_noise_variance() == 0.25


@pytest.mark.parametrize("title", ["", "a/b", "Größe 漢", ".", "with space"])
def test_hyperspy_reads_our_titles(title, hs, tmp_path):
    s = Signal1D(np.ones(3), metadata={"General": {"title": title}})
    assert hs.load(save(s, tmp_path / "ours")).metadata.General.title == title


TREE = {
    "none": None,
    "flag": True,
    "integer": 3,
    "number": 2.5,
    "complex": 1 + 2j,
    "text": "Ångström 漢",
    "raw": b"ab\0c",
    "no_list": [],
    "no_tuple": (),
    "integers": [1, 2, 3],
    "pair": (1.5, 2.5),
    "words": ["a", "é"],
    "mixed": [1, "a", None, [1, 2], {"k": 1}],
    "long": [{"n": n} for n in range(12)],
    "array": np.arange(6).reshape(2, 3),
    "inner": {"deeper": {"x": 1}},
}


def test_hyperspy_reads_our_metadata(hs, tmp_path):
    s = Signal1D(np.ones(3), metadata={"Test": TREE}, original_metadata=TREE)
    theirs = hs.load(save(s, tmp_path / "ours"))
    for tree in (theirs.metadata.Test.as_dictionary(), theirs.original_metadata.as_dictionary()):
        np.testing.assert_array_equal(tree.pop("array"), TREE["array"])
        assert tree == {key: value for key, value in TREE.items() if key != "array"}


# -- we open theirs ------------------------------------------------------------------------------


@pytest.mark.parametrize("n_nav", range(4))
def test_we_open_their_signals(n_nav, hs, tmp_path):
    data = np.random.default_rng(1).normal(size=(*(2, 3, 4)[:n_nav], 7))
    theirs = hs.signals.Signal1D(data)
    for number, axis in enumerate(theirs.axes_manager._axes):
        axis.name, axis.units, axis.scale, axis.offset = f"a{number}", "nm", 0.5 + number, -2.0
    theirs.axes_manager[-1].is_binned = True
    theirs.save(tmp_path / "theirs.hspy")
    s = load(tmp_path / "theirs.hspy")
    assert type(s) is Signal1D
    assert_same_signal(s, theirs)


def test_we_open_their_uneven_axis(hs, tmp_path):
    theirs = hs.signals.Signal1D(np.ones(4), axes=[{"axis": np.array([1.0, 2, 4, 8])}])
    theirs.save(tmp_path / "theirs.hspy")
    assert_same_signal(load(tmp_path / "theirs.hspy"), theirs)


def test_we_compute_their_axis_given_by_a_formula(hs, tmp_path):
    axis = {
        "expression": "a / (x + b) + log(x)",
        "a": 1240,
        "b": 0.5,
        "x": {"size": 5, "scale": 0.5, "offset": 1},
        "name": "Energy",
    }
    theirs = hs.signals.Signal1D(np.ones(5), axes=[axis])
    theirs.save(tmp_path / "theirs.hspy")
    assert_same_signal(load(tmp_path / "theirs.hspy"), theirs)


def test_we_read_their_metadata(hs, tmp_path):
    theirs = hs.signals.Signal1D(np.arange(6.0).reshape(2, 3))
    kept = {key: value for key, value in TREE.items() if key != "long"}
    theirs.metadata.add_dictionary({"Test": kept})
    theirs.metadata.Signal.set_item("Noise_properties.variance", hs.signals.Signal1D(theirs.data))
    theirs.save(tmp_path / "theirs.hspy")
    s = load(tmp_path / "theirs.hspy")
    tree = s.metadata.Test.as_dictionary() | {"inner": s.metadata.Test.inner.as_dictionary()}
    np.testing.assert_array_equal(tree.pop("array"), TREE["array"])
    assert tree == {key: value for key, value in kept.items() if key != "array"}
    np.testing.assert_array_equal(s.get_noise_variance().data, theirs.data)
    assert not s.metadata.has_item("_HyperSpy")


@pytest.mark.parametrize("title", ["", "a/b", "Größe 漢"])
def test_we_read_their_titles(title, hs, tmp_path):
    theirs = hs.signals.Signal1D(np.ones(3))
    theirs.metadata.General.title = title
    theirs.save(tmp_path / "theirs.hspy")
    assert load(tmp_path / "theirs.hspy").metadata.General.title == title


@pytest.mark.parametrize("path", files())
def test_we_read_every_file_as_hyperspy_does(path, hs):
    with warnings.catch_warnings():
        # Some bring pickled components or old notes; what matters here is data and axes.
        warnings.simplefilter("ignore")
        s, theirs = load(path), hs.load(path)
    assert_same_signal(s, theirs)


def test_old_files_say_in_the_metadata_that_they_are_binned(hs):
    folder = Path(find_spec("hyperspy").submodule_search_locations[0]) / "tests/component/data"
    for name in ("hs14_model.hspy", "hs15_model.hspy", "hs16_model.hspy"):
        s = load(folder / name)
        assert not s.metadata.has_item("Signal.binned")
        assert not s.metadata.has_item("Signal.record_by")
        assert list(s.stored_models) == ["a"]
        assert "_dict" in s.stored_models["a"]["tree"]


def test_a_pickled_component_is_left_out_by_name(hs):
    folder = Path(find_spec("hyperspy").submodule_search_locations[0]) / "tests/component/data"
    with pytest.warns(HSJupyterWarning, match=r"_list_1_components/0@_bs__class_dump"):
        s = load(folder / "hs2.0_custom_component.hspy")
    (component,) = s.stored_models["a"]["tree"]["_dict"]["components"]
    assert "_id_name" in component
    assert "_class_dump" not in component


def test_other_formats_are_read_through_rosettasciio(hs, tmp_path):
    theirs = hs.signals.Signal1D(np.arange(5.0))
    theirs.axes_manager[0].scale = 0.5
    theirs.save(tmp_path / "spectrum.msa", encoding="utf8")
    s = load(tmp_path / "spectrum.msa")
    np.testing.assert_allclose(s.data, theirs.data)
    assert s.axes_manager[0].scale == 0.5


def test_models_survive_our_hands(hs, tmp_path):
    """HyperSpy restores its own model from a file that we loaded and saved."""
    theirs = hs.signals.Signal1D(np.arange(20.0).reshape(2, 10))
    model = theirs.create_model()
    line = hs.model.components1D.Gaussian(A=3, centre=4, sigma=1.5)
    line.A.bmin = 0.5
    model.append(line)
    model.append(hs.model.components1D.Offset(offset=2))
    model.multifit(optimizer="lm", bounded=False)
    model.save(tmp_path / "theirs.hspy", name="first")
    save(load(tmp_path / "theirs.hspy"), tmp_path / "ours")
    restored = hs.load(tmp_path / "ours.hspy").models.restore("first")
    assert [c.name for c in restored] == ["Gaussian", "Offset"]
    assert restored["Gaussian"].A.bmin == 0.5
    np.testing.assert_array_equal(
        restored["Gaussian"].A.map["values"], model["Gaussian"].A.map["values"]
    )
    np.testing.assert_array_equal(restored.chisq.data, model.chisq.data)
