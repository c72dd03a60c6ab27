"""Officers' side (M27, M28): hours worked and planned, time off owed, nights shared, rules broken, hours taken elsewhere.

Two calls:

* :func:`~qinwu.judge.officers.sources.account_station` reads what the folder of a station holds (``duty-log.csv``,
  ``duty-balance.csv``, ``holidays.csv``; a roster and terms where they are named) and accounts for it;
* :func:`~qinwu.judge.officers.accounting.account_officers` does so for a log, a roster and balances in memory.

Both give an :class:`~qinwu.judge.officers.accounting.OfficersAccount`. Every hour owed names the row of the log and the rule it
follows from. Nothing rewards arrests, fines or recorded crime; nobody is ranked.
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
    from qinwu.judge.officers.sources import Asked as Asked
    from qinwu.judge.officers.sources import account_station as account_station
    from qinwu.judge.officers.terms import read_terms as read_terms

_HOME = {
    "Asked": "sources",
    "OfficersAccount": "accounting",
    "Sources": "accounting",
    "account_officers": "accounting",
    "account_station": "sources",
    "expected_load": "load",
    "read_balance": "balance_file",
    "read_log": "log_file",
    "read_roster": "planned",
    "read_terms": "terms",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
