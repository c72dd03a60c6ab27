"""Posts: where crews wait and where service points stand, hub and outposts, and areas of stations that differ too much in size."""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.plan.posts.aims import Aims as Aims
    from qinwu.plan.posts.answering import Answered as Answered
    from qinwu.plan.posts.answering import Work as Work
    from qinwu.plan.posts.answering import answered as answered
    from qinwu.plan.posts.models import interchange as interchange
    from qinwu.plan.posts.models import max_backup as max_backup
    from qinwu.plan.posts.models import max_cover as max_cover
    from qinwu.plan.posts.models import max_expected_cover as max_expected_cover
    from qinwu.plan.posts.models import min_distance as min_distance
    from qinwu.plan.posts.planning import PostPlan as PostPlan
    from qinwu.plan.posts.planning import plan_posts as plan_posts
    from qinwu.plan.posts.problem import SitingProblem as SitingProblem

_HOME = {
    "Aims": "aims",
    "Answered": "answering",
    "PostPlan": "planning",
    "SitingProblem": "problem",
    "Work": "answering",
    "answered": "answering",
    "interchange": "models",
    "max_backup": "models",
    "max_cover": "models",
    "max_expected_cover": "models",
    "min_distance": "models",
    "plan_posts": "planning",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
