"""Models in hostile and damaged files: nothing of them is run, and what can be kept is kept."""

import copy
import pickle
import sys
from pathlib import Path
from subprocess import run

import h5py
import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterError, HSJupyterWarning, ModelError

COMPONENTS = "Analysis/models/fit/_dict/_list_3_components"


class Payload:
    """Unpickling it writes a file."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return open, (self.target, "w")


@pytest.fixture
def path(tmp_path):
    """A good file of ours, for the tests to spoil."""
    s = hs.signals.Signal1D(np.arange(24.0).reshape(2, 3, 4))
    m = s.create_model()
    kinds = hs.model.components1D
    m.extend([kinds.Gaussian(A=3.0), kinds.Expression("a * x + b", "line"), kinds.Gaussian()])
    m[2].sigma.twin = m[0].sigma
    m[2].sigma.twin_function_expr = "2 * x"
    m[2].sigma.twin_inverse_function_expr = "x / 2"
    m.store_working_values()
    return m.save(tmp_path / "good", "fit")


def as_theirs(file):
    """Take away what hsjupyter adds, so that HyperSpy's words count."""
    for name in ("0", "1", "2"):
        del file[COMPONENTS][name]["hsjupyter"]
    del file["Analysis/models/fit/_dict/hsjupyter"]


def parameter(file, component, name):
    for group in file[f"{COMPONENTS}/{component}/_list_{3 - component % 2}_parameters"].values():
        if group.attrs["_id_name"] == name:
            return group
    raise LookupError(name)


def spoil_expression(file, call, _dump):
    file[f"{COMPONENTS}/1"].attrs["expression"] = call


def spoil_own_expression(file, call, _dump):
    file[f"{COMPONENTS}/1/hsjupyter/init"].attrs["expression"] = call


def spoil_twin(file, call, _dump):
    as_theirs(file)
    parameter(file, 2, "sigma").attrs["twin_function_expr"] = call
    parameter(file, 2, "sigma").attrs["twin_inverse_function_expr"] = call


def spoil_own_twin(file, call, _dump):
    file["Analysis/models/fit/_dict/hsjupyter/_list_1_links/0"].attrs["function"] = call


def spoil_class(file, _call, dump):
    as_theirs(file)
    file[f"{COMPONENTS}/0"].attrs["_id_name"] = "os.system"
    file[f"{COMPONENTS}/0"].attrs["_bs__class_dump"] = dump


def spoil_flag(file, _call, dump):
    as_theirs(file)
    group = file[f"{COMPONENTS}/0"]
    group["_whitelist"].attrs["function"] = "fn"
    group.create_group("_tuple_2_function").attrs["_bs_1"] = dump


def spoil_axis(file, call, _dump):
    axis = next(iter(file["Experiments"].values()))["axis-2"]
    axis.attrs["_type"] = "FunctionalDataAxis"
    axis.attrs["expression"] = call
    axis.create_group("x").attrs["size"] = 4


ATTACKS = {
    "expression": (spoil_expression, "restored"),
    "own_expression": (spoil_own_expression, "line keeps its values only"),
    "twin": (spoil_twin, "that sigma follows another"),
    "own_twin": (spoil_own_twin, "that sigma follows another"),
    "class": (spoil_class, "Gaussian keeps its values only"),
    "flag": (spoil_flag, "_tuple_2_function@_bs_1"),
    "axis": (spoil_axis, "given by a formula that cannot be computed"),
}

GUARD = """
import sys, warnings
import numpy, hsjupyter.api as hs
from hsjupyter.core.errors import FileFormatError
from hsjupyter.core.plugins import load_plugins

load_plugins()  # installed packages are asked for components once
m = hs.load({good!r}).models.restore("fit")  # whatever is imported on first use is imported now
m()
hs.load({other!r}).models.restore("fit")
seen = []
BAD = ("exec", "compile", "import", "os.", "subprocess.", "pickle.", "ctypes.", "socket.")

def guard(event, args):
    if event == "compile" and sys._getframe(1).f_code.co_filename.endswith("/ast.py"):
        return  # a text becomes a tree, which is not run
    if event.startswith(BAD) and event not in ("os.scandir", "os.listdir"):
        seen.append((event, str(args)[:200]))
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append((event, str(args)[:200]))

sys.addaudithook(guard)
warnings.simplefilter("always")
with warnings.catch_warnings(record=True) as told:
    try:
        m = hs.load({path!r}).models.restore("fit")
        text = "restored " + " ".join(c.name for c in m)
    except FileFormatError as why:
        text = str(why)
assert not seen, seen
print(text, [str(w.message) for w in told])
"""


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_model_is_restored_and_runs_nothing(name, path, tmp_path):
    spoil, expected = ATTACKS[name]
    marker = tmp_path / "marker"
    call = f"__import__('pathlib').Path({str(marker)!r}).touch()"
    dump = np.void(pickle.dumps(Payload(str(marker))))
    other, target = tmp_path / "other.hspy", tmp_path / "attack.hspy"
    for copied, text in ((other, "no formula ("), (target, call)):
        copied.write_bytes(path.read_bytes())
        with h5py.File(copied, "r+") as file:
            (spoil if copied is target else spoil_twin)(file, text, dump)
    code = GUARD.format(good=str(path), other=str(other), path=str(target))
    done = run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert expected in done.stdout.decode()
    assert not marker.exists()


def test_an_expression_that_is_no_formula_keeps_its_values_and_comes_back(path, tmp_path):
    with h5py.File(path, "r+") as file:
        as_theirs(file)
        file[f"{COMPONENTS}/1"].attrs["expression"] = "().__class__"
    s = hs.load(path)
    with pytest.warns(HSJupyterWarning, match="line keeps its values only"):
        m = s.models.restore("fit")
    assert repr(m["line"]) == "<line (unknown component Expression)>"
    assert [p.value for p in m["line"].parameters] == [1.0, 1.0]
    with pytest.raises(ModelError, match=r"line: its line is that of the component 'Expression'"):
        m.fit()
    m["line"].active = False
    m.set_parameters_not_free()
    m[0].A.free = True
    m.fit()
    m["line"].a.value = 7.0
    m.store_working_values()
    again = m.save(tmp_path / "again", "later")
    with h5py.File(again) as file:
        group = file["Analysis/models/later/_dict/_list_3_components/1"]
        assert group.attrs["expression"] == "().__class__"
        assert group["_whitelist"].attrs["expression"] == "init"
    with pytest.warns(HSJupyterWarning, match="line keeps its values only"):
        back = hs.load(again).models.restore("later")
    assert back["line"].a.value == 7.0
    np.testing.assert_array_equal(back["line"].a.map["values"], m["line"].a.map["values"])


def test_a_class_that_is_not_here_becomes_itself_when_it_is(tmp_path):
    """A model with a person's own component, in a session before and after its class is made."""
    s = hs.signals.Signal1D(np.arange(4.0))
    m = s.create_model()
    m.append(hs.model.components1D.SEE(B=0.25))
    m[0].sigma.value = 0.5  # what HyperSpy's has not
    with pytest.warns(HSJupyterWarning, match="SEE, a component that it does not know"):
        path = m.save(tmp_path / "own", "fit")
    with h5py.File(path, "r+") as file:
        group = file["Analysis/models/fit/_dict/_list_1_components/0"]
        group.attrs["_id_name"] = group["hsjupyter"].attrs["type"] = "Ramp"
    with pytest.warns(HSJupyterWarning, match="Ramp"):
        n = hs.load(path).models.restore("fit")
    assert n[0].B.value == 0.25
    with pytest.warns(HSJupyterWarning, match="SEE, a component that it does not know"):
        again = n.save(tmp_path / "again", "fit")

    class Ramp(hs.Component):
        formula = "A * (x - Phi) + B + sigma"
        A, Phi, B, sigma = hs.Par(), hs.Par(), hs.Par(), hs.Par()

    assert type(hs.load(again).models.restore("fit")[0]) is Ramp


def test_a_file_does_not_say_where_we_look(path, tmp_path, monkeypatch):
    """A path in a file is not opened; a file of its name is taken from the current folder."""
    with h5py.File(path, "r+") as file:
        group = file[f"{COMPONENTS}/1"]
        group.attrs["_id_name"] = group["hsjupyter"].attrs["type"] = "EELSCLEdge"
        group["hsjupyter/init"].attrs["gos_file_path"] = r"\\evil\share\a.gosh"
        group["hsjupyter/init"].attrs["element_subshell"] = "Cr_L3"
    monkeypatch.chdir(tmp_path)
    s = hs.load(path)
    with pytest.warns(HSJupyterWarning, match=r"it was made with 'a\.gosh'; lay that file into"):
        s.models.restore("fit")


@pytest.mark.parametrize(
    ("key", "value"),
    [("order", 10**9), ("order", -1), ("order", "many"), ("order", 2.5)],
)
def test_a_polynomial_beyond_belief_keeps_its_values(key, value, path):
    s = hs.load(path)
    tree = s.stored_models["fit"]["tree"]["_dict"]["components"][1]
    tree |= {"_id_name": "Polynomial", key: value}
    del tree["hsjupyter"]
    with pytest.warns(HSJupyterWarning, match="line keeps its values only"):
        assert len(s.models.restore("fit")) == 3


JUNK = (
    None, True, -1, 10**30, np.nan, "", "_None_", "x", b"\x80\x04.", [], (), {}, [1], (None,),
    [[]], {"a": 1}, np.zeros(0), np.zeros((2, 3)), np.array(["a"]), np.arange(7.0), [{}], [None],
)  # fmt: skip


def places(tree, here=()):
    """Every place in nested dictionaries and lists."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from places(value, (*here, key))


@pytest.mark.filterwarnings("ignore::hsjupyter.core.errors.HSJupyterWarning")
def test_junk_in_any_place_gives_a_model_or_our_error(path):
    s = hs.load(path)
    good = s.stored_models["fit"]["tree"]
    draw = np.random.default_rng(3)
    everywhere = list(places(good))
    restored = 0
    for place in everywhere:
        tree = copy.deepcopy(good)
        inside = tree
        for key in place[:-1]:
            inside = inside[key]
        inside[place[-1]] = JUNK[draw.integers(len(JUNK))]
        s.stored_models["fit"] = {"date": "", "dimensions": "", "tree": tree}
        assert repr(s.models).startswith("└── fit")
        assert s.models._repr_html_().startswith("<details")
        try:
            m = s.models.restore("fit")
        except HSJupyterError:
            continue
        restored += 1
        assert len(m) <= 3
    assert restored > 0.9 * len(everywhere)


def test_names_in_the_tree_are_escaped(path):
    s = hs.load(path)
    s.stored_models["fit"]["tree"]["_dict"]["components"][0]["name"] = "<script>"
    shown = s.models._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert Path(path).exists()
