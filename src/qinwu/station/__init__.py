"""What there is: area, calls, force and venues, read and checked from a station folder.

Names are imported when first used, so that reading a configuration does not load the geometry and table libraries.
"""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.station.area import Area as Area
    from qinwu.station.area import TravelTimes as TravelTimes
    from qinwu.station.calls import Calls as Calls
    from qinwu.station.config import CallClass as CallClass
    from qinwu.station.config import StationConfig as StationConfig
    from qinwu.station.folder import check_station as check_station
    from qinwu.station.folder import read_config as read_config
    from qinwu.station.folder import read_station as read_station
    from qinwu.station.force import Force as Force
    from qinwu.station.force import Officer as Officer
    from qinwu.station.schema import station_schema as station_schema
    from qinwu.station.station import Station as Station
    from qinwu.station.toml_file import read_toml as read_toml
    from qinwu.station.venues import Venue as Venue

_HOME = {
    "Area": "area",
    "CallClass": "config",
    "Calls": "calls",
    "Force": "force",
    "Officer": "force",
    "Station": "station",
    "StationConfig": "config",
    "TravelTimes": "area",
    "Venue": "venues",
    "check_station": "folder",
    "read_config": "folder",
    "read_station": "folder",
    "read_toml": "toml_file",
    "station_schema": "schema",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
