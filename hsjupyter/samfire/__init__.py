"""SAMFire: a map is fitted in the order that the data suggest, from what is fitted already."""

from hsjupyter.samfire import fit_tests, global_strategies, local_strategies
from hsjupyter.samfire.outliers import OutlierStrategy
from hsjupyter.samfire.samfire import Samfire
from hsjupyter.samfire.segmentation import SegmentationStrategy

__all__ = [
    "OutlierStrategy",
    "Samfire",
    "SegmentationStrategy",
    "fit_tests",
    "global_strategies",
    "local_strategies",
]
