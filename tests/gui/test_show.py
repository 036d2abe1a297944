"""What a person types, and the types that the browser is told."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

import hsjupyter.api as hs
from hsjupyter.gui import schema, show
from hsjupyter.gui.host import Host, bundle
from hsjupyter.schedule.run import Run


def test_display_false_gives_the_widgets_by_name(page, model):
    shown = model.gui(display=False)
    assert set(shown) == {"ipywidgets"}
    assert set(shown["ipywidgets"]) == {"widget", "wdict"}
    assert shown["ipywidgets"]["widget"].kind == "model"


@pytest.mark.parametrize("toolkit", ["ipywidgets", ["ipywidgets"], ("ipywidgets",), None])
def test_the_toolkit_is_ipywidgets(page, model, toolkit):
    assert show.gui(model, display=False, toolkit=toolkit) is not None


def test_another_toolkit_is_refused(page, model):
    with pytest.raises(ValueError, match=r"has no 'traitsui'; .*known: ipywidgets"):
        model.gui(toolkit="traitsui")


def test_what_has_no_gui_is_refused():
    with pytest.raises(ValueError, match="a parameter, a component, a model or a run is wanted"):
        show.gui(3)


def test_displayed_it_returns_nothing(page, model, monkeypatch):
    seen = []
    monkeypatch.setattr("IPython.display.display", seen.append)
    assert model.gui() is None
    assert model.plot() is None
    assert [type(widget).__name__ for widget in seen] == ["Host", "VBox"]


@pytest.mark.parametrize("kind", ["parameter", "component", "model", "run"])
def test_everything_has_its_kind(page, view, model, kind):
    things = {"parameter": model[0].A, "component": model[0], "model": model, "run": Run(5)}
    assert view(things[kind]).state["kind"] == kind


def test_a_run_shows_its_progress_and_is_cancelled(page, view):
    run = Run(total=10)
    shown = view(run)
    run.begin()
    run.done = 4
    shown.host.flush()
    told = shown.state["run"]
    assert (told["state"], told["done"], told["total"]) == ("running", 4, 10)
    assert (told["failures"], told["failed"], told["awaited"], told["note"]) == (0, [], False, "")
    assert shown.state["run"]["seconds"] >= 0
    assert shown.ask("cancel")["ok"]
    assert run.stopping


def test_a_fit_typed_in_a_cell_is_a_widget_in_a_notebook(page, model, monkeypatch, capsys):
    seen = []
    monkeypatch.setattr("IPython.display.display", seen.append)
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    model.multifit()
    (host,) = seen
    host.flush()
    assert host.run["state"] == "done"
    assert host.run["awaited"]
    assert capsys.readouterr().err == ""
    shell.kernel = None
    model.multifit()
    assert len(seen) == 1
    assert "12/12" in capsys.readouterr().err


def test_a_missing_bundle_says_how_to_build_it():
    with pytest.raises(ImportError, match="hatch_build"):
        bundle("nothing.js")


def test_the_types_of_the_browser_are_fresh():
    assert schema.main(["--check"]) == 0


def test_stale_types_are_told(tmp_path, monkeypatch, capsys):
    target = tmp_path / "schema.gen.ts"
    monkeypatch.setattr(schema, "TARGET", target)
    assert schema.main(["--check"]) == 1
    assert "is stale" in capsys.readouterr().err
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0


def test_every_trait_of_ours_is_typed_for_the_browser():
    ours = {name for name in Host.class_own_traits() if name != "comm"}
    typed = {name for name in ours if "shape" in Host.class_traits()[name].metadata}
    assert typed == ours - {"_esm", "_css"}
    assert f"  {min(typed)}: " in schema.source()


def test_a_type_without_counterpart_is_refused():
    with pytest.raises(TypeError, match="a type that JSON knows is wanted"):
        schema.in_typescript(complex)


def test_the_core_does_not_load_the_gui():
    code = (
        "import sys, hsjupyter.api; print(any(n.startswith('hsjupyter.gui') for n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert hs.__version__
