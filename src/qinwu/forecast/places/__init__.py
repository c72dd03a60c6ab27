"""Places: where residents will call from in the next weeks, by several methods, back-tested, with guards that always run.

Methods know places and times of what residents reported, and nothing else. A list of places is valid for its days and then expires.
"""
