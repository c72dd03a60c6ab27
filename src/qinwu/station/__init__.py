"""What there is: area, calls, force and venues, read and checked from a station folder."""
