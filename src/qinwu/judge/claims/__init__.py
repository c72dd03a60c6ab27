"""Claims: figures that somebody published, so that they can be checked and not repeated.

A :class:`~qinwu.judge.claims.claim.Claim` says what was counted, where, when, compared with what, and who says so. From that
follow, by rules and never by hand: the figure before a change with its interval of rounding, the grade of evidence, the weaknesses
by name, and whether the figures of one source fit each other. A rate without its denominator, period and recording rule is refused.
"""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.judge.claims.checking import Account as Account
    from qinwu.judge.claims.checking import check as check
    from qinwu.judge.claims.claim import Claim as Claim
    from qinwu.judge.claims.grading import grade_of as grade_of
    from qinwu.judge.claims.headcounts import heads_giving as heads_giving
    from qinwu.judge.claims.implied import contrast as contrast
    from qinwu.judge.claims.implied import implied_before as implied_before
    from qinwu.judge.claims.implied import yearly_pace as yearly_pace
    from qinwu.judge.claims.rates import Rate as Rate
    from qinwu.judge.claims.reading import read_claims as read_claims
    from qinwu.judge.claims.reading import shipped_claims as shipped_claims

_HOME = {
    "Account": "checking",
    "Claim": "claim",
    "Rate": "rates",
    "check": "checking",
    "contrast": "implied",
    "grade_of": "grading",
    "heads_giving": "headcounts",
    "implied_before": "implied",
    "read_claims": "reading",
    "shipped_claims": "reading",
    "yearly_pace": "implied",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
