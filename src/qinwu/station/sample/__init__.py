"""Sample stations: synthetic, seeded, calibrated to published figures, and labelled so."""

from qinwu.station.sample.recipe import SampleKind
from qinwu.station.sample.writing import write_sample

__all__ = ["SampleKind", "write_sample"]
