"""Screens, one module a subject: each takes a record and yields the comparisons it made, or why it could not."""
