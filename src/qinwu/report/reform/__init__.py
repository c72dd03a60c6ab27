"""Reports of reforms: one page to defend before those who want it and those who do not."""
