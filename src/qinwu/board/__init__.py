"""Board: the duty system in force, live. Who goes is asked of the response plan; the board keeps what people decide.

``qinwu serve STATION`` starts it. Nothing here decides who goes, scores anybody or computes a statistic: ``in_force`` compiles the
duty system, ``at_hand`` says where crews and calls stand, and :func:`qinwu.simulate.live.proposal.propose` proposes. What a named
person does about it is written by ``calls``, ``sendings`` and ``trail``, the last of which nobody can change unseen.
"""
