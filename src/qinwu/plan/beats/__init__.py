"""Beats: areas cut into contiguous, balanced beats near their officers; sectors of beats; functional beats over venues."""
