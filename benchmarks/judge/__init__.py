"""Benchmarks of the judge: what its tests do where nothing happened."""
