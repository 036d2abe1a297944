"""How the site is built: ``python -m sphinx -W -b html docs docs/_build``."""

import sys
from pathlib import Path

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
napoleon_custom_sections = [("Source", "References"), ("Shape", "Notes")]
autosummary_generate = True

html_theme = "furo"
html_title = "hsjupyter"
html_copy_source = False
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
