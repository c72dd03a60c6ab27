"""Plans: duty systems handed in, compared beside the board's work, and signed into force."""
