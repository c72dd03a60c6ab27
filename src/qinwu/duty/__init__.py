"""How it is organised: duty systems as files, their rules, and the response plan they compile to."""
