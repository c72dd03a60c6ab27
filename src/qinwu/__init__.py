"""Qinwu."""
