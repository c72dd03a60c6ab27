"""Tests of the room queueing."""
