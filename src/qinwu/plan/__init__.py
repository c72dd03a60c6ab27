"""Plan: what would serve this station best; each planner takes a station and gives part of a duty system, with its proof."""
