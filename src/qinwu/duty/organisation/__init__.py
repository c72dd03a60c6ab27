"""Organisation: a chart read from a file, checked, and audited: layers, spans, shares, owners, orders, hand-overs, hours.

:func:`qinwu.duty.organisation.chart.read_chart` reads one, :func:`qinwu.duty.organisation.audit.audit` says what it shows. Every
topic is a module of pure functions from a :class:`~qinwu.duty.system.DutySystem` to a frozen value.
"""
