"""Typesetting: reports as PDF, to print, to circulate and to sign."""
