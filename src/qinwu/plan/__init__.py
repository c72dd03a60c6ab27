"""Plan: what would serve this station best; each planner takes a station and gives part of a duty system, with its proof.

=============  ==========================================  ==========================================================
planner        function                                    gives
=============  ==========================================  ==========================================================
``beats``      :func:`~qinwu.plan.beats.planning.plan_beats`    beats, their officers, sectors, functional beats
``pairs``      :func:`~qinwu.plan.pairs.planning.plan_pairs`    pairs of beats
``posts``      :func:`~qinwu.plan.posts.planning.plan_posts`    where crews wait, outposts, service points, areas of stations
``roster``     :func:`~qinwu.plan.roster.planning.plan_roster`  a named month, as patterns and crews
``rounds``     :func:`~qinwu.plan.rounds.planning.plan_rounds`  dated visits and patrol stops, as hours of work
``staffing``   :class:`~qinwu.plan.staffing.Question`           officers needed by watch
=============  ==========================================  ==========================================================

Every planner runs under an :class:`~qinwu.plan.effort.Effort` and returns a :class:`~qinwu.plan.proof.Proof` with its plan.
"""
