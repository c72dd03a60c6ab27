"""Leads, case to case: which calls may be one incident, which cases may be one series; a human confirms.

Only incidents are compared: where, when, how, of what kind. There is no column for a person, and a file that has one is refused
(:mod:`qinwu.forecast.leads.reading`). ``duplicates`` is about calls, ``linking`` about cases; both give probabilities that are
checked against what came true, and the reasons of every pair.
"""
