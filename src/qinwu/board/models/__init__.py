"""What the board keeps. No table of residents, no field for a name, a telephone, an address or a track: a test walks all fields."""

from qinwu.board.models.absence import Absence
from qinwu.board.models.call import Call
from qinwu.board.models.handover import Handover
from qinwu.board.models.member import Member
from qinwu.board.models.sending import Sending
from qinwu.board.models.signed import SystemInForce
from qinwu.board.models.token import Token
from qinwu.board.models.trail import TrailEntry
from qinwu.board.models.watch import CrewReport

__all__ = ["Absence", "Call", "CrewReport", "Handover", "Member", "Sending", "SystemInForce", "Token", "TrailEntry"]
