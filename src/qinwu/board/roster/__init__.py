"""Roster: who is on duty when, who is away, in whose place, with which skills and equipment."""
