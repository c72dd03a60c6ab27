"""Live: who goes to one call now, decided by the same kernel that simulates the duty system.

A :class:`~qinwu.simulate.live.situation.Situation` says where the crews are and which calls are open;
:func:`~qinwu.simulate.live.proposal.propose` lays it into a world of the kernel, lets it serve one call, and reads off whom
it sent, when they would be there, and why others were passed over. It is a proposal: a named dispatcher accepts it or sends
somebody else.
"""
