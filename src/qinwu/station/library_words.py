"""What other libraries say about broken files, put into words of the catalogue."""

from __future__ import annotations

from qinwu.findings import Words
from qinwu.language import N_

UNKNOWN = N_("its content is not what it should be")
_SAID: tuple[tuple[str, str], ...] = (
    # TOML
    ("Cannot overwrite a value", N_("a key is given twice")),
    ("Duplicate inline table key", N_("a key is given twice")),
    ("Cannot declare", N_("a table is opened twice")),
    ("Cannot redefine namespace", N_("a table is opened twice")),
    ("Cannot mutate immutable namespace", N_("a table that is closed already is added to")),
    ("Expected '=' after a key", N_("the = after the key is missing")),
    ("Expected ']", N_("a closing square bracket is missing")),
    ("Expected newline", N_("the line should end here")),
    ("Invalid date or datetime", N_("the date does not exist")),
    ("Invalid initial character for a key", N_("a key may not start with this sign")),
    ("Invalid statement", N_("this is neither a key nor a table")),
    ("Invalid value", N_("the value is not understood")),
    ("Unclosed array", N_("the list is not closed")),
    ("Unclosed inline table", N_("the table is not closed")),
    ("Unescaped '\\'", N_("a backslash must be written twice")),
    ("Unterminated string", N_("the quotation mark is not closed")),
    ("Illegal character", N_("this sign is not allowed here")),
    ("Found invalid character", N_("this sign is not allowed here")),
    # JSON
    ("Expecting ',' delimiter", N_("a comma is missing")),
    ("Expecting ':' delimiter", N_("a colon is missing")),
    ("Expecting property name", N_("a name in quotation marks is missing")),
    ("Expecting value", N_("a value is missing")),
    ("Extra data", N_("there is more after the end")),
    # spreadsheets and Parquet
    ("password", N_("it is protected by a password")),
    ("Cannot detect file format", N_("it is no workbook, or it is damaged or encrypted")),
    ("out of specification", N_("it is no Parquet file, or it is damaged")),
    ("field larger than field limit", N_("a quotation mark is never closed")),
    # shapes
    ("Self-intersection", N_("it touches or crosses itself")),
    ("Hole lies outside shell", N_("a hole lies outside the outline")),
    ("Nested holes", N_("one hole lies inside another")),
    ("Nested shells", N_("one part lies inside another")),
    ("Interior is disconnected", N_("a hole cuts it in two")),
    ("Too few points", N_("it has too few corners")),
    ("requires at least 4", N_("it has too few corners")),
)


def in_words(said: object) -> Words:
    """Return what a library said as words of the catalogue.

    >>> in_words("Ring Self-intersection[116.015 33.005]")
    'it touches or crosses itself'
    """
    return Words(next((words for part, words in _SAID if part.lower() in str(said).lower()), UNKNOWN))
