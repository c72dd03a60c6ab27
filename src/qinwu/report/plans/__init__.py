"""Plans told: what each planner answers, as a page, a workbook and data, with the proof of how good it is."""
