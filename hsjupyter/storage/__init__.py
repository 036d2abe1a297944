"""How is it kept? Signals in .hspy files, results in tables."""

from hsjupyter.storage.export import MapColumn, write_parameters
from hsjupyter.storage.signal_records import record_of, signal_from
from hsjupyter.storage.signals import load, save

__all__ = ["MapColumn", "load", "record_of", "save", "signal_from", "write_parameters"]
