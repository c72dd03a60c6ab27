"""Reforms: the changes people argue about, as files that transform one duty system into another; head-count is conserved."""
