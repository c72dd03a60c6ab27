"""Mismatch: officer-hours staffed beside officer-hours demanded, by place and hour of the week (M52 警力跟着警情走)."""
