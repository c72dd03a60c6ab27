"""Try it: the event kernel, replications, and what came out."""
