"""hsjupyter: model fitting of spectra and images, natively in Jupyter."""

__version__ = "0.1.0"
