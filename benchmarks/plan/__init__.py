"""Planners measured against published values and other libraries, in the same run."""
