"""Reports people read: HTML, Excel, JSON, and the figures in them.

Names are imported when first used, so that naming the room does not load templates, geometry or Excel.
"""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.report.data_file import write_json as write_json
    from qinwu.report.headlines import headline as headline
    from qinwu.report.page import write_html as write_html
    from qinwu.report.report import Report as Report
    from qinwu.report.report import build_report as build_report
    from qinwu.report.workbook import write_xlsx as write_xlsx

_HOME = {
    "Report": "report",
    "build_report": "report",
    "headline": "headlines",
    "write_html": "page",
    "write_json": "data_file",
    "write_xlsx": "workbook",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
