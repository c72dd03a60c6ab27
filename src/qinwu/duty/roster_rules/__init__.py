"""What rosters must keep, as planned and as worked: rule packs as data, watches as arithmetic, fair shares."""
