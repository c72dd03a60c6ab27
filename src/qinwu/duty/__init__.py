"""How it is organised: duty systems as files, their rules, and the response plan they compile to."""

from qinwu.duty.compile import compile_plan, compile_with_findings
from qinwu.duty.reading import LoadedSystem, layer_ids, list_systems, preset_ids, read_preset, read_system
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules import check_system, compile_checked
from qinwu.duty.schema import duty_schema
from qinwu.duty.system import DutySystem

__all__ = [
    "DutySystem",
    "LoadedSystem",
    "ResponsePlan",
    "check_system",
    "compile_checked",
    "compile_plan",
    "compile_with_findings",
    "duty_schema",
    "layer_ids",
    "list_systems",
    "preset_ids",
    "read_preset",
    "read_system",
]
