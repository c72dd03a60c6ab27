"""A small bureau on twenty-four atoms: two sub-bureaus, three stations, one of them with an outpost; officers to go with it.

Columns ``a1``…``a6`` by four rows; each beat is two atoms side by side. Station S1 has the two western columns, S2 those in the
middle, both under sub-bureau X; S3 has the eastern ones, under sub-bureau Y, with the top two rows looked after by outpost O3.
"""

from __future__ import annotations

from pathlib import Path

from qinwu.duty.reading import LoadedSystem, read_system
from qinwu.station.force import Force, Officer
from qinwu.station.station import Station
from tests.stations import grid_area, station

STATIONS = ("S1", "S2", "S3")
SWORN, AUXILIARY = 9, 8
UNITS = {
    "C": ("bureau", "", "市局"),
    "X": ("sub_bureau", "C", "东分局"),
    "Y": ("sub_bureau", "C", "山分局"),
    "S1": ("station", "X", "一所"),
    "S2": ("station", "X", "二所"),
    "S3": ("station", "Y", "三所"),
    "O3": ("outpost", "S3", "山口分驻所"),
}
BASES = {"S1": "a1", "S2": "a3", "S3": "a5", "O3": "a17"}


def bureau_force() -> Force:
    """Return nine sworn officers and eight auxiliaries of each station, the first four the beat officers, two of O3's at O3."""
    found = []
    for at in STATIONS:
        kinds = [("sworn", "P", SWORN), ("auxiliary", "A", AUXILIARY)]
        for kind, letter, count in kinds:
            for number in range(1, count + 1):
                unit = "O3" if at == "S3" and kind == "sworn" and number in (3, 4) else at
                found.append(Officer(f"{letter}{at}{number}", "sworn" if kind == "sworn" else "auxiliary", unit=unit))
    found.append(Officer("DX1", "sworn", "administration", unit="X"))
    return Force(tuple(found))


def bureau() -> Station:
    """Return the area and its officers; calls of every class everywhere."""
    area = grid_area(6, 4)
    classes = ("robbery", "theft", "dispute", "help", "hotel")
    rows = [(float(number), classes[number % 5], atom) for number, atom in enumerate(area.atom_ids * 5)]
    return station(area, bureau_force(), rows=rows)


def beats() -> dict[str, tuple[str, tuple[str, str]]]:
    """Return unit and atoms of each beat: B1 to B4 of S1 from the bottom row up, B5 to B8 of S2, B9 to B12 of S3."""
    found = {}
    for place, at in enumerate(STATIONS):
        for row in range(4):
            first = 6 * row + 2 * place + 1
            unit = "O3" if at == "S3" and row >= 2 else at
            found[f"B{4 * place + row + 1}"] = (unit, (f"a{first}", f"a{first + 1}"))
    return found


def base_toml() -> str:
    """Return units and beats as a duty file."""
    text = ['id = "base"', 'name = { zh = "底数", en = "Base" }']
    for unit, (level, parent, name) in UNITS.items():
        base = f'base_atom = "{BASES[unit]}"' if unit in BASES else ""
        text.append(
            f'[[unit]]\nid = "{unit}"\nname = {{ zh = "{name}", en = "{unit}" }}\nlevel = "{level}"\nparent = "{parent}"\n{base}'
        )
    for number, (beat, (unit, atoms)) in enumerate(beats().items()):
        officer = f"P{STATIONS[number // 4]}{number % 4 + 1}"
        text.append(f'[[beat]]\nid = "{beat}"\nunit = "{unit}"\natoms = ["{atoms[0]}", "{atoms[1]}"]\nofficer = "{officer}"')
    return "\n".join(text) + "\n"


def read(folder: Path, preset: str, more: str = "") -> LoadedSystem:
    """Return a preset on the bureau's base, with `more` TOML of its own."""
    (folder / "duty").mkdir(exist_ok=True)
    (folder / "duty" / "base.toml").write_text(base_toml(), encoding="utf-8")
    text = f'id = "own"\nextends = ["base", "preset:{preset}"]\n{more}'
    (folder / "duty" / "own.toml").write_text(text, encoding="utf-8")
    return read_system("own", folder)
