# ruff: noqa: INP001 - a script beside the package, not part of one
"""Make the real data in ``hsjupyter/sample_data`` from the packages that publish them.

The sources are three packages of PyPI, unpacked or installed anywhere (``pip download --no-deps``
and ``tar`` or ``unzip`` are enough):

    python scripts/convert_sample_data.py abell478 .../mpdaf-3.6/lib/mpdaf
    python scripts/convert_sample_data.py polystyrene .../ramanchada2        (1.5.0)
    python scripts/convert_sample_data.py steel .../PyMca5                   (5.9.7)

Nothing is done to intensities: spectra and pixels are cut out and stored as they are. What was cut
is said in each file's ``General.notes``; licences and authors are in ``sample_data/NOTICE.md``.
"""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter.storage.hspy_writer import write
from hsjupyter.storage.layout import NestedRecord

Record = dict[str, Any]
BLOCK = 2880  # bytes: what FITS pads headers and data to


def read_fits(path: Path) -> dict[str, tuple[dict[str, str], np.ndarray | None]]:
    """Header and data of every part of a FITS file, by EXTNAME.

    Source
    ------
    FITS Standard 4.0, sections 3 and 4: cards of 80 characters, blocks of 2880 bytes, big-endian.
    """
    raw, at, parts = path.read_bytes(), 0, {}
    while at < len(raw):
        header: dict[str, str] = {}
        while "END" not in header:
            cards = [raw[at + i : at + i + 80].decode("ascii") for i in range(0, BLOCK, 80)]
            header |= {c[:8].strip(): c[10:].partition(" /")[0].strip(" '") for c in cards}
            at += BLOCK
        shape = tuple(int(header[f"NAXIS{n}"]) for n in range(int(header["NAXIS"]), 0, -1))
        kind = np.dtype(
            f">{'f' if int(header['BITPIX']) < 0 else 'i'}{abs(int(header['BITPIX'])) // 8}"
        )
        count = int(np.prod(shape)) if shape else 0
        data = np.frombuffer(raw, kind, count, at).reshape(shape) if count else None
        parts[header.get("EXTNAME", "PRIMARY")] = (header, data)
        at += -(-count * kind.itemsize // BLOCK) * BLOCK
    return parts


def abell478(package: Path) -> Record:
    """H alpha and [N II] over the central galaxy of Abell 478, with the variance of every value."""
    parts = read_fits(package / "data/sdetect/minicube.fits")
    header, cube = parts["DATA"]
    _, variance = parts["STAT"]
    start, step = float(header["CRVAL3"]), float(header["CD3_3"])
    arcsec = round(float(header["CD2_2"]) * 3600, 9)
    channels, rows, columns = slice(1870, 1941), slice(9, 31), slice(8, 30)

    def cut(values: Any) -> np.ndarray:
        part = values[channels, rows, columns].transpose(1, 2, 0)
        return np.ascontiguousarray(part, dtype=np.float32)

    axes: list[Record] = [
        {"name": "y", "size": 22, "scale": arcsec, "units": "arcsec", "navigate": True},
        {"name": "x", "size": 22, "scale": arcsec, "units": "arcsec", "navigate": True},
        {
            "name": "Wavelength",
            "size": 71,
            "scale": step,
            "offset": start + 1870 * step,
            "units": "Å",
            "navigate": False,
        },
    ]
    return {
        "data": cut(cube),
        "axes": axes,
        "metadata": {
            "General": {
                "title": "Ionised gas in the central galaxy of Abell 478",
                "authors": "observed with ESO VLT/MUSE; published with MPDAF by the Centre de "
                "Recherche Astrophysique de Lyon",
                "date": "2014-12-08",
                "original_filename": "minicube.fits",
                "doi": "10.48550/arXiv.1710.03554",
                "notes": "From mpdaf 3.6, data/sdetect/minicube.fits (40 x 40 pixels, 3681 "
                "channels), BSD-3-Clause, copyright CNRS / Centre de Recherche Astrophysique de "
                "Lyon. ESO programme 094.A-0859(A). Cut to rows 9 to 30, columns 8 to 29 and "
                "channels 1870 to 1940; values and variances unaltered. North is up, east is "
                "left: x grows to the west. Wavelengths are in air.",
            },
            "Sample": {
                "description": "Central galaxy of the galaxy cluster Abell 478, redshift 0.0858: "
                "[N II] 6548.05, H alpha 6562.79 and [N II] 6583.45 are seen at 7110, 7126 and "
                "7148 Å",
            },
            "Acquisition_instrument": {
                "instrument": "MUSE at the Very Large Telescope UT4, Paranal",
                "exposure_time": 900.0,
                "exposure_time_units": "s",
            },
            "Signal": {
                "signal_type": "",
                "quantity": "Flux density (1e-20 erg/s/cm²/Å)",
                "Noise_properties": {
                    "variance": NestedRecord(
                        data=cut(variance),
                        axes=axes,
                        metadata={
                            "General": {"title": "Variance, from the pipeline of the instrument"},
                            "Signal": {"signal_type": ""},
                        },
                    )
                },
            },
        },
    }


def polystyrene(package: Path) -> Record:
    """A Raman spectrum of polystyrene, on the axis the instrument gave it."""
    name = "TOP_Ho633/Pol_HLR633_Z010_100_15sx5.txt"
    shift, intensity = np.loadtxt(package / "auxiliary/spectra/datasets2" / name).T
    part = slice(*np.searchsorted(shift, [900.0, 1700.0]))
    return {
        "data": intensity[part].astype(np.float32),
        "axes": [
            {"name": "Raman shift", "axis": shift[part], "units": "cm⁻¹", "navigate": False},
        ],
        "metadata": {
            "General": {
                "title": "Raman spectrum of polystyrene",
                "authors": "CHARISMA H2020 project, partner TOP",
                "original_filename": name,
                "notes": "From ramanchada2 1.5.0, auxiliary/spectra/datasets2, MIT, copyright "
                "CHARISMA H2020 project. Cut to 900 to 1700 cm⁻¹; intensities unaltered. The axis "
                "is the instrument's own, before calibration: the ring breathing stands at 998.9 "
                "where ASTM E1840 has 1001.4 cm⁻¹.",
            },
            "Sample": {"description": "Polystyrene, reference sample"},
            "Acquisition_instrument": {
                "instrument": "Horiba Raman microscope, 633 nm, objective 10x",
                "exposure_time": 75.0,
                "exposure_time_units": "s",
                "exposures": "5 x 15 s",
            },
            "Signal": {"signal_type": "", "quantity": "Intensity (counts)"},
        },
    }


def steel(package: Path) -> Record:
    """Counts of X-rays from a certified stainless steel."""
    text = (package / "PyMcaData/Steel.spe").read_text("ascii")
    numbers = [float(n) for n in text.partition("$DATA:")[2].partition("$")[0].split()]
    counts = np.array(numbers[2:])  # the first two are the first and the last channel
    settings = (package / "PyMcaData/Steel.cfg").read_text("ascii").partition("[detector]")[2]
    gain, zero = (
        float(found[1]) if (found := re.search(rf"^{key} = (\S+)$", settings, re.MULTILINE)) else 0
        for key in ("gain", "zero")
    )
    return {
        "data": counts.astype(np.uint32),
        "axes": [
            {
                "name": "Energy",
                "size": counts.size,
                "scale": gain,
                "offset": zero,
                "units": "keV",
                "navigate": False,
            },
        ],
        "metadata": {
            "General": {
                "title": "X-ray fluorescence of stainless steel",
                "authors": "European Synchrotron Radiation Facility (V. A. Solé and colleagues)",
                "original_filename": "Steel.spe",
                "notes": "From PyMca5 5.9.7, PyMcaData/Steel.spe, MIT, copyright European "
                "Synchrotron Radiation Facility. All 2048 channels, counts unaltered; the axis is "
                "the calibration of PyMcaData/Steel.cfg.",
            },
            "Sample": {
                "description": "Stainless steel; its settings name the reference material SRM "
                "1155 (AISI 316: 18 % Cr, 12 % Ni, 2 % Mo)",
                "elements": ["Cr", "Fe", "Mn", "Mo", "Ni"],
            },
            "Acquisition_instrument": {"instrument": "Si detector, 350 µm, Be window 20 µm"},
            "Signal": {"signal_type": "", "quantity": "X-rays (counts)"},
        },
    }


RECIPES: dict[str, tuple[str, Callable[[Path], Record]]] = {
    "abell478": ("abell478_map", abell478),
    "polystyrene": ("polystyrene_raman", polystyrene),
    "steel": ("steel_xrf", steel),
}


def main() -> None:
    """Write the file of one recipe."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("recipe", choices=RECIPES)
    parser.add_argument("package", type=Path, help="folder of the source package")
    folder = Path(__file__).parent.parent / "hsjupyter" / "sample_data"
    parser.add_argument("--into", type=Path, default=folder, help="folder to write into")
    given = parser.parse_args()
    name, recipe = RECIPES[given.recipe]
    write(given.into / f"{name}.hspy", recipe(given.package), overwrite=True)


if __name__ == "__main__":
    main()
