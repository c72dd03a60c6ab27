"""Guards of a forecast of places: what each did, its number, and whether it passed; no result exists without them."""
