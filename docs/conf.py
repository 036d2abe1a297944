"""How the site is built: ``python -m sphinx -W -b html docs docs/_build``."""

import inspect
import sys
from pathlib import Path
from typing import Any

from sphinx.util.inspect import stringify_signature

import hsjupyter

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "hsjupyter"
author = "hsjupyter developers"
version = release = hsjupyter.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
    "sphinx_copybutton",
    "figures",
    "gallery",
    "tables",
]
exclude_patterns = ["_build"]
nitpicky = False

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc says types in words
autodoc_default_options = {"members": True, "inherited-members": "HasTraits"}
napoleon_google_docstring = False
napoleon_use_ivar = True  # traits are told by their help, once
napoleon_custom_sections = [("Source", "References"), ("Shape", "Notes")]
autosummary_generate = True

html_theme = "furo"
html_title = "hsjupyter"
html_copy_source = False
html_show_copyright = False  # LICENSE says it, and whose
html_static_path = ["_static"]
html_css_files = ["site.css"]
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True


def own_signature(*told: Any) -> tuple[str, str | None] | None:
    """What a class takes stands in its `__init__`; traitlets hides it behind a `__new__`."""
    _app, what, _name, thing, _options, signature, returns = told
    if what != "class" or signature != "(*args, **kwargs)":
        return None
    whole = inspect.signature(thing.__init__)
    own = whole.replace(parameters=list(whole.parameters.values())[1:])
    return stringify_signature(own, show_annotation=False, show_return_annotation=False), returns


def setup(app: Any) -> None:
    """Hear of signatures before they are shown."""
    app.connect("autodoc-process-signature", own_signature)
