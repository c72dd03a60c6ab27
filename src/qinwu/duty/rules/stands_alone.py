"""Whether a file is a whole duty system."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station


def a_layer_needs_a_base(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for a layer that is used as a system (M8: mixing)."""
    if loaded.system.layer:
        message = N_("{system} is a layer, not a whole duty system.")
        remedy = N_("Write a file that extends a duty system first and this layer after it.")
        yield Finding("layer-alone", "error", message, remedy, loaded.place("layer"), {"system": loaded.system.id})
