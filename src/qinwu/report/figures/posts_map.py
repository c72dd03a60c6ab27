"""Maps of posts: atoms coloured by a figure, a disc with a number where each post stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from qinwu.report.figures.maps import Frame, definitions, dissolved, frame_of, outline
from qinwu.report.figures.svg import drawing, tag, tip, words

RADIUS = 6.5


class Post(NamedTuple):
    """A post: its atom, the text on its disc, and what pointing says."""

    atom: int
    text: str
    tip: str


class AtomMap(NamedTuple):
    """The outlines of all atoms, drawn once, and where each is."""

    frame: Frame
    definitions: str
    centre: tuple[tuple[float, float], ...]


def atom_map(polygons: Sequence[BaseGeometry], prefix: str) -> AtomMap:
    """Return the outlines of atoms under ids that begin with `prefix`, for :func:`posts_on_map` to colour."""
    frame = frame_of(polygons)
    shapes = dissolved(polygons, {f"{prefix}{number}": [number] for number in range(len(polygons))}, frame)
    points = [shapely.point_on_surface(each) for each in polygons]
    return AtomMap(frame, definitions(shapes, frame), tuple(frame.place(point.x, point.y) for point in points))


def posts_on_map(
    map_: AtomMap, prefix: str, colours: Sequence[str], tips: Mapping[int, str], posts: Sequence[Post], label: str, lines: str = ""
) -> str:
    """Return one map.

    Parameters
    ----------
    map_, prefix
        Outlines and their ids.
    colours
        One for each atom.
    tips
        What pointing at an atom says.
    posts
        Discs.
    label
        What the map shows, for those who cannot see it.
    lines
        Borders to draw over the atoms, from :func:`borders`.
    """
    atoms = [
        tag("use", tip(tips.get(number, "")), href=f"#{prefix}{number}", fill=colour, class_="beat")
        for number, colour in enumerate(colours)
    ]
    discs = [_disc(post, *map_.centre[post.atom]) for post in posts]
    return drawing(map_.frame.width, map_.frame.height, label, *atoms, lines, *discs, class_="figure map posts")


def borders(polygons: Sequence[BaseGeometry], groups: Mapping[str, Sequence[int]], frame: Frame) -> str:
    """Return the outlines of groups of atoms, to draw over a map."""
    shapes = dissolved(polygons, groups, frame)
    return "".join(tag("path", d=outline(shape, frame), class_="district") for shape in shapes.values())


def _disc(post: Post, x: float, y: float) -> str:
    disc = tag("circle", cx=x, cy=y, r=RADIUS, class_="post")
    return tag("g", tip(post.tip), disc, words(post.text, x=x, y=y + 3.2, text_anchor="middle", class_="crews"))
