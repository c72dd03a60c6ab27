"""Roster: who works when; rules as data, patterns, the roster problem and its engine, repair, and the wall sheet."""
