"""Deploy by demand: where and when officers are staffed beside where and when calls ask for them (M52), gaps in cover (M56).

``foresee_deploy(station, system, plan)`` in :mod:`qinwu.forecast.deploy.deployment` gives what ``qinwu forecast`` tells of it;
``qinwu.report.chapters.deploy.deploy_chapter(deployment, language)`` tells it. Moves of crews that lower the mismatch are planned
by :mod:`qinwu.plan.deploy`, since only a plan may propose a new duty file; ``deploy_chapter`` takes them as a third argument.
"""
