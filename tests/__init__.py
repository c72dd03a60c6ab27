"""Tests of Qinwu, one folder per room."""
