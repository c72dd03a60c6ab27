"""Calls per hour: harmonic Poisson regression and decayed hour-of-week mean, averaged, with negative binomial bands (M26).

``count_calls`` counts calls by hour and place; ``forecast_hours`` foretells weeks and tests itself on past ones beside naive
methods.
"""
