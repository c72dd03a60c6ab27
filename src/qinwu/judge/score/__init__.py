"""Score sheets: raw number, rule, points, evidence; shown first to whom they are about, no more certain than the counts behind."""
