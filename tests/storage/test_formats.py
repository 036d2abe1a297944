"""Formats beside .hspy that need no other library: .msa, .csv, .npz."""

import zipfile
from importlib import import_module

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import FileFormatError, HSJupyterWarning
from hsjupyter.storage import record_of
from tests.storage.compare import same
from tests.storage.made import ENERGY, Payload, line, spectrum

# -- .msa ----------------------------------------------------------------------------------------


MSA = """#FORMAT      : EMSA/MAS Spectral Data File
#VERSION     : 1.0
#TITLE       : NiO O K
#DATE        : 01-OCT-1991
#TIME        : 12:05
#OWNER       : nobody
#NPOINTS     : 7.
#NCOLUMNS    : {columns}.
#XUNITS      : eV
#YUNITS      : Counts
#DATATYPE    : {kind}
#XPERCHAN    : 3.1
#OFFSET      : 520.13
#SIGNALTYPE  : {type}
#XLABEL      : Energy
#YLABEL      : Intensity
#BEAMKV   -kV: {kv}
#PROBECUR -nA: 12.345
#CONVANGLE-mR: 1.5
#COLLANGLE-mR: 3.4
#DWELLTIME-ms: 100.0
#ELEVANGLE-dg: 20.
#AZIMANGLE-dg: 30
#LIVETIME  -s: 100.0
#REALTIME  -s: 150.
#XTILTSTGE-dg: 10.0
#THICKNESS-nm: 50
##MYFIELD    : hello
#SPECTRUM    : Spectral Data Starts Here
{rows}
#ENDOFDATA   :
"""
VALUES = [4066.0, 3996.5, 3932.25, 3923.0, 5602.0, 5288.0, 7234.0]
ROWS = {
    ("XY", 1): "\n".join(f"{520.13 + 3.1 * i:.2f}, {v}" for i, v in enumerate(VALUES)),
    ("Y", 1): "\n".join(f"{v}," for v in VALUES),
    ("Y", 3): "4066.0, 3996.5, 3932.25\n3923.0 5602.0 5288.0\n7234.0",
}


@pytest.mark.parametrize("laid", ROWS)
@pytest.mark.parametrize(("kind", "kv"), [("ELS", 120), ("EDS", 200), ("EDS", 15), ("XRF", 30)])
def test_a_spectrum_is_what_rosettasciio_reads(laid, kind, kv, tmp_path):
    path = tmp_path / "o.msa"
    rows = ROWS[laid]
    path.write_text(MSA.format(kind=laid[0], columns=laid[1], type=kind, kv=kv, rows=rows))
    s = hs.load(path)
    (theirs,) = import_module("rsciio.msa").file_reader(str(path))
    np.testing.assert_array_equal(s.data, theirs["data"])
    np.testing.assert_array_equal(s.data, VALUES)
    axis, other = s.axes_manager[0], theirs["axes"][0]
    for key in ("size", "scale", "offset", "name", "units"):
        assert getattr(axis, key) == other[key]
    expected = theirs["metadata"]
    assert s.metadata.General.title == expected["General"]["title"]
    assert s.metadata.General.date == expected["General"]["date"] == "1991-10-01"
    assert s.metadata.General.time == expected["General"]["time"]
    assert s.metadata.Signal.signal_type == expected["Signal"]["signal_type"]
    assert s.metadata.Sample.thickness == 50
    # Models of spectra of a scanning microscope look under SEM.
    where = "SEM" if (kind, kv) == ("EDS", 15) else "TEM"
    numbers = list(numbers_in(expected["Acquisition_instrument"]["TEM"]))
    assert len(numbers) == 10
    for place, value in numbers:
        assert s.metadata.get_item(f"Acquisition_instrument.{where}.{place}") == value


def numbers_in(tree, here=()):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from numbers_in(value, (*here, key))
        elif isinstance(value, float):
            yield ".".join((*here, key)), value


@pytest.mark.parametrize("kind", ["", "EELS", "EDS_TEM", "EDS_SEM"])
def test_a_spectrum_is_written_so_that_both_read_it(kind, tmp_path):
    where = "SEM" if kind == "EDS_SEM" else "TEM"
    tem = {"beam_energy": 20.0 if where == "SEM" else 200.0, "Stage": {"tilt_alpha": 5.0}}
    general = {"title": "a title", "date": "2024-02-29", "time": "23:59:01"}
    s = spectrum(Acquisition_instrument={where: tem}, General=general)
    s.set_signal_type(kind)
    path = s.save(tmp_path / "s.msa")
    (theirs,) = import_module("rsciio.msa").file_reader(str(path))
    back = hs.load(path)
    np.testing.assert_array_equal(back.data, s.data)
    np.testing.assert_allclose(theirs["data"], s.data, rtol=1e-12)
    assert type(back) is type(s)
    for axis in (back.axes_manager[0].as_dictionary(), theirs["axes"][0]):
        assert [axis[k] for k in ("size", "scale", "offset", "name", "units")] == [
            ENERGY[k] for k in ("size", "scale", "offset", "name", "units")
        ]
    assert theirs["metadata"]["General"]["title"] == back.metadata.General.title == "a title"
    assert back.metadata.General.date == "2024-02-29"
    assert back.metadata.get_item(f"Acquisition_instrument.{where}").as_dictionary() == tem
    if kind:
        assert theirs["metadata"]["Signal"]["signal_type"] == kind


def test_uneven_positions_are_kept_in_msa(tmp_path):
    x = np.array([1.0, 2.0, 4.0, 8.0])
    s = hs.signals.Signal1D(np.arange(4.0), [{"axis": x, "units": "eV"}])
    back = hs.load(s.save(tmp_path / "s.msa"))
    np.testing.assert_array_equal(back.axes_manager[0].axis, x)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("1 2 3", "has no line '#SPECTRUM'"),
        ("#NPOINTS: 3\n#SPECTRUM:\n1\n2\n", "promises 3 points and holds 2"),
        ("#DATATYPE: XY\n#SPECTRUM:\n1, 2\n3\n", "promises pairs"),
        ("#SPECTRUM:\n1\n2 x\n", "the row '2 x' is not numbers alone"),
        ("#SPECTRUM:\n#ENDOFDATA:", "promises 0 points and holds 0"),
        ("#XPERCHAN: 0\n#SPECTRUM:\n1\n2", "scale"),
        ("\0\1\2", "is no text"),
    ],
)
def test_what_is_no_msa_is_told(text, match, tmp_path):
    (tmp_path / "wrong.msa").write_text(text)
    with pytest.raises(FileFormatError, match=match):
        hs.load(tmp_path / "wrong.msa")


def test_a_map_is_no_msa(tmp_path):
    with pytest.raises(FileFormatError, match=r"one spectrum .* take one with s\.inav"):
        hs.signals.Signal1D(np.ones((2, 3))).save(tmp_path / "map.msa")
    assert not list(tmp_path.iterdir())


# -- .csv ----------------------------------------------------------------------------------------


TABLES = {
    "commas": "Energy [eV],intensity\n1.5,10\n2.0,20\n2.5,30.5\n",
    "semicolons": "1.5;10\n2.0;20\n2.5;30.5",
    "decimal commas": "\ufeffEnergy (eV);counts;\n1,5;10;\n2,0;20;\n2,5;30,5;\n",
    "tabs": "# remark\n% another\n\nEnergy\tcounts\n1.5\t10\n2\t20\n2.5\t3.05e1\n",
    "blanks": "  1.5   10\n  2.0   20\n  2.5   30.5\n",
    "header": "Instrument, 5\nsn;17\n\nEnergy,counts\r\n1.5,10\r\n2,20\r\n2.5,30.5\r\n",
    "quoted": '"E, loss","y"\n"1.5","10"\n"2.0","20"\n"2.5","30.5"\n',
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_any_spelling_is_read(name, tmp_path):
    (tmp_path / "t.csv").write_text(TABLES[name], encoding="utf-8")
    s = hs.load(tmp_path / "t.csv")
    np.testing.assert_array_equal(s.data, [10, 20, 30.5])
    np.testing.assert_array_equal(s.axes_manager[0].axis, [1.5, 2, 2.5])
    assert s.metadata.General.title == "t"
    if name in {"commas", "decimal commas"}:
        assert (s.axes_manager[0].name, s.axes_manager[0].units) == ("Energy", "eV")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "holds no table of numbers"),
        ("a,b\nc,d\n", "holds no table of numbers"),
        ("1;2\n3\n", "holds no table of numbers"),
        ("1,2\n0,3\n4,5\n", "does not rise or fall all along"),
        ("1,2\nnan,3\n4,5\n", "does not rise or fall all along"),
        ("x,intensity,variance\n1,2,3\n2,3,-1\n", "is not a positive number"),
    ],
)
def test_what_is_no_table_is_told(text, match, tmp_path):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(FileFormatError, match=match):
        hs.load(tmp_path / "t.csv")


def test_one_column_has_channels_for_positions(tmp_path):
    (tmp_path / "t.txt").write_text("counts\n5\n7\n6\n")
    s = hs.load(tmp_path / "t.txt")
    np.testing.assert_array_equal(s.data, [5, 7, 6])
    np.testing.assert_array_equal(s.axes_manager[0].axis, [0, 1, 2])


def test_spectra_come_back_from_csv(tmp_path):
    s = line()
    with pytest.warns(HSJupyterWarning, match="holds no models, so that fit stay behind"):
        path = s.save(tmp_path / "line.csv")
    back = hs.load(path)
    np.testing.assert_array_equal(back.data, s.data)
    for mine, other in zip(back.axes_manager._axes, s.axes_manager._axes, strict=True):
        assert (mine.name, mine.units, mine.navigate) == (other.name, other.units, other.navigate)
        np.testing.assert_allclose(mine.axis, other.axis, rtol=1e-12)
    assert back.axes_manager[0].is_uniform


def test_a_spectrum_comes_back_from_csv_with_its_noise(tmp_path):
    s = spectrum()
    s.set_noise_variance(s.data * 0.5)
    back = hs.load(s.save(tmp_path / "one.csv"))
    np.testing.assert_array_equal(back.data, s.data)
    np.testing.assert_array_equal(back.get_noise_variance().data, s.data * 0.5)
    np.testing.assert_allclose(back.axes_manager[0].axis, s.axes_manager[0].axis, rtol=1e-12)


def test_a_map_is_no_csv(tmp_path):
    with pytest.raises(FileFormatError, match=r"one navigation axis at most.*\.hspy or \.npz"):
        hs.signals.Signal1D(np.ones((2, 3, 4))).save(tmp_path / "map.csv")


# -- .npz ----------------------------------------------------------------------------------------


def test_everything_comes_back_from_npz(tmp_path):
    s = line()
    back = hs.load(s.save(tmp_path / "line.npz"))
    assert same(record_of(back), record_of(s))
    m, n = s.models.restore("fit"), back.models.restore("fit")
    assert [c.name for c in n] == [c.name for c in m]
    for p, q in zip(m.parameters, n.parameters, strict=True):
        assert (p.value, p.free, p.bmin) == (q.value, q.free, q.bmin)
        np.testing.assert_array_equal(p.map["values"], q.map["values"])


@pytest.mark.parametrize("keys", [("data",), ("spectra",), ("data", "x", "variance")])
def test_arrays_of_others_are_read(keys, tmp_path):
    x = np.array([1.0, 2.0, 4.0])
    arrays = {"x": x, "variance": np.ones((2, 3), ">f8")}
    arrays |= {keys[0]: np.arange(6, dtype=">i2").reshape(2, 3)}
    np.savez(tmp_path / "a.npz", **{key: arrays[key] for key in keys})
    s = hs.load(tmp_path / "a.npz")
    np.testing.assert_array_equal(s.data, [[0, 1, 2], [3, 4, 5]])
    assert s.data.dtype.isnative
    assert (s.get_noise_variance() is None) == ("variance" not in keys)
    np.testing.assert_array_equal(s.axes_manager[-1].axis, x if "x" in keys else [0, 1, 2])


def test_a_damaged_npz_gives_our_error_or_a_signal(tmp_path):
    whole = np.frombuffer(line().save(tmp_path / "line.npz").read_bytes(), np.uint8)
    draw = np.random.default_rng(4)
    refused = 0
    for _ in range(300):
        raw = whole.copy()
        places = draw.integers(0, len(raw), draw.integers(1, 9))
        raw[places] = draw.integers(0, 256, len(places))
        end = draw.integers(len(raw)) if draw.random() < 0.2 else len(raw)
        (tmp_path / "changed.npz").write_bytes(raw[:end].tobytes())
        try:
            assert hs.load(tmp_path / "changed.npz").data.size
        except FileFormatError:
            refused += 1
    assert refused > 250


def test_objects_in_npz_are_never_unpickled(tmp_path):
    objects = np.array([Payload(str(tmp_path / "marker"))], dtype=object)
    np.savez(tmp_path / "evil.npz", data=np.ones(3), more=objects)
    with pytest.raises(FileFormatError, match="holds objects, which are never read"):
        hs.load(tmp_path / "evil.npz")
    assert not (tmp_path / "marker").exists()


def test_arrays_that_declare_too_much_are_refused(tmp_path):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000,), }"
    raw = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(80)
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w") as archive:
        archive.writestr("data.npy", raw)
    with pytest.raises(FileFormatError, match=r"declares .* values, and holds fewer"):
        hs.load(tmp_path / "bomb.npz")


def test_descriptions_that_nest_too_deep_are_refused(tmp_path):
    for depth, how in ((60, "nests deeper than 50"), (10**5, "cannot be read")):
        deep = ("[" * depth + "]" * depth).encode()
        np.savez(tmp_path / "deep.npz", hsjupyter=np.frombuffer(deep, np.uint8))
        with pytest.raises(FileFormatError, match=how):
            hs.load(tmp_path / "deep.npz")


def test_numbers_of_parameters_are_told_apart_from_signals(tmp_path):
    m = line().models.restore("fit")
    path = m.save_parameters2file(tmp_path / "numbers.npz")
    with pytest.raises(FileFormatError, match=r"read by m\.load_parameters_from_file"):
        hs.load(path)
