"""Forecast: calls by hour and place, never people; where deployment is wrong; which calls may belong together.

``hours`` foresees calls an hour, ``places`` where residents will call from, ``deploy`` compares staffed hours with demanded ones,
``leads`` finds duplicate and linked cases for a human to confirm. Only calls of residents teach a forecast of places: what officers
find themselves says where officers were (Ensign et al. 2018, PMLR 81: 160-171).
"""
