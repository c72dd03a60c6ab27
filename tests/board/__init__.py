"""Tests of the duty board."""
