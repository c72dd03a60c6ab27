"""Tests of the judge: claims and evaluations."""
