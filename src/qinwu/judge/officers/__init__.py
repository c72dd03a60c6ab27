"""Officers' side (M27, M28): hours worked and planned, time off owed, nights shared, rules broken, hours taken elsewhere.

:func:`~qinwu.judge.officers.accounting.account_officers` is the one call: a station, its duty system, months, and what there is of
a log (:func:`~qinwu.judge.officers.log_file.read_log`), a roster (:func:`~qinwu.judge.officers.planned.read_roster`) and balances
brought forward (:func:`~qinwu.judge.officers.balance_file.read_balance`) give an
:class:`~qinwu.judge.officers.accounting.OfficersAccount`. Every hour owed names the row of the log and the rule it follows from.
Nothing rewards arrests, fines or recorded crime; nobody is ranked.
"""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.judge.officers.accounting import OfficersAccount as OfficersAccount
    from qinwu.judge.officers.accounting import Sources as Sources
    from qinwu.judge.officers.accounting import account_officers as account_officers
    from qinwu.judge.officers.balance_file import read_balance as read_balance
    from qinwu.judge.officers.load import expected_load as expected_load
    from qinwu.judge.officers.log_file import read_log as read_log
    from qinwu.judge.officers.planned import read_roster as read_roster
    from qinwu.judge.officers.terms import read_terms as read_terms

_HOME = {
    "OfficersAccount": "accounting",
    "Sources": "accounting",
    "account_officers": "accounting",
    "expected_load": "load",
    "read_balance": "balance_file",
    "read_log": "log_file",
    "read_roster": "planned",
    "read_terms": "terms",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
