"""What the board keeps. No table of residents, no field for a name, a telephone, an address or a track: a test walks all fields."""

from qinwu.board.models.absence import Absence
from qinwu.board.models.bulletin import Bulletin, BulletinRead, Link
from qinwu.board.models.calendar_key import CalendarKey
from qinwu.board.models.call import Call
from qinwu.board.models.campaign import Campaign
from qinwu.board.models.corrective import CorrectiveOrder
from qinwu.board.models.counter import Feedback, ServicePoint, Ticket
from qinwu.board.models.handover import Handover
from qinwu.board.models.job import Job
from qinwu.board.models.member import Member
from qinwu.board.models.score import Objection, ScoreRecord
from qinwu.board.models.second_factor import SecondFactorRule
from qinwu.board.models.sending import Sending
from qinwu.board.models.signed import SystemInForce
from qinwu.board.models.skill import Booking, Equipment, EquipmentNeed, Skill
from qinwu.board.models.swap import Swap
from qinwu.board.models.task import Task, TaskTemplate
from qinwu.board.models.token import Token
from qinwu.board.models.trail import TrailEntry
from qinwu.board.models.watch import CrewReport

__all__ = [
    "Absence",
    "Booking",
    "Bulletin",
    "BulletinRead",
    "CalendarKey",
    "Call",
    "Campaign",
    "CorrectiveOrder",
    "CrewReport",
    "Equipment",
    "EquipmentNeed",
    "Feedback",
    "Handover",
    "Job",
    "Link",
    "Member",
    "Objection",
    "ScoreRecord",
    "SecondFactorRule",
    "Sending",
    "ServicePoint",
    "Skill",
    "Swap",
    "SystemInForce",
    "Task",
    "TaskTemplate",
    "Ticket",
    "Token",
    "TrailEntry",
]
