"""Charts written by hand: a county bureau of thirty-four units, tidy enough to count on one's fingers."""

from __future__ import annotations

from typing import Any

from qinwu.duty.system import DutySystem

Table = dict[str, Any]


def posts(command: int = 0, administration: int = 0, front_line: int = 0, specialist: int = 0) -> Table:
    """Return posts."""
    return {"command": command, "administration": administration, "front_line": front_line, "specialist": specialist}


def unit(identity: str, zh: str, level: str, parent: str = "bureau", **values: Any) -> Table:
    """Return a unit."""
    return {
        "id": identity,
        "name": {"zh": zh, "en": identity.replace("_", " ").capitalize()},
        "level": level,
        "parent": parent,
        **values,
    }


SECTIONS = (
    ("office", "办公室", "市局办公室", posts(2, 6), ("公文",)),
    ("personnel", "政工室", "市局政治部", posts(2, 5), ("队伍管理",)),
    ("discipline", "督察室", "市局督察支队", posts(1, 3), ("督察",)),
    ("legal", "法制科", "市局法制支队", posts(2, 6), ("案件审核",)),
    ("support", "警务保障室", "市局警务保障处", posts(2, 7), ("装备",)),
    ("control", "指挥中心", "市局指挥部", posts(2, 10), ("接处警",)),
    ("publicity", "宣传科", "市局宣传处", posts(1, 3), ("宣传",)),
    ("petitions", "信访科", "市局信访处", posts(1, 2), ("信访",)),
    ("exit_entry", "出入境管理科", "市局出入境支队", posts(1, 5), ("出入境",)),
    ("technology", "科技信息化科", "市局科信处", posts(1, 4), ("信息化",)),
)
BRIGADES = (
    ("detectives", "刑侦大队", "investigation", posts(3, 3, 0, 24), ("刑事案件", "禁毒")),
    ("order_brigade", "治安大队", "venues", posts(2, 4, 0, 10), ("治安管理", "行业场所检查")),
    ("traffic", "交警大队", None, posts(4, 8, 0, 40), ("交通管理",)),
    ("patrol_brigade", "巡特警大队", "patrol", posts(2, 2, 26), ("巡逻防控",)),
    ("economic", "经侦大队", "investigation", posts(1, 2, 0, 6), ("经济案件",)),
    ("drugs", "禁毒大队", "investigation", posts(1, 1, 0, 5), ("禁毒",)),
    ("cyber", "网安大队", None, posts(1, 2, 0, 5), ("网络安全",)),
    ("custody", "看守所", None, posts(2, 4, 0, 16), ("羁押",)),
)
STATIONS = (
    ("chengguan", "城关派出所", posts(3, 4, 14)),
    ("chengdong", "城东派出所", posts(3, 4, 9)),
    ("hexi", "河西派出所", posts(2, 3, 8)),
    ("liuhe", "柳河派出所", posts(2, 2, 5)),
    ("shiqiao", "石桥派出所", posts(2, 2, 5)),
    ("baiyun", "白云派出所", posts(2, 2, 4)),
    ("nanshan", "南山派出所", posts(2, 2, 4)),
    ("gaoling", "高岭中心派出所", posts(2, 2, 5)),
)


def county_tables() -> Table:
    """Return the chart as tables to be changed."""
    sections = [
        unit(identity, zh, "section", mirrors=copied, posts=heads, duties=list(duties))
        for identity, zh, copied, heads, duties in SECTIONS
    ]
    brigades = [
        unit(identity, zh, "brigade", function=function, posts=heads, duties=list(duties), mirrors=f"市局{zh[:2]}支队")
        for identity, zh, function, heads, duties in BRIGADES
    ]
    stations = [
        unit(identity, zh, "station", function="community", posts=heads, duties=["社区警务", "治安管理"], budget="bureau")
        for identity, zh, heads in STATIONS
    ]
    for station in stations:
        station["ties"] = [
            {"unit": "detectives", "relation": "guide", "function": "investigation"},
            {"unit": "order_brigade", "relation": "guide"},
        ]
    stations[0]["ties"][0] = {"unit": "detectives", "relation": "command", "function": "investigation"}
    outposts = [
        unit("yunfeng", "云峰分驻所", "outpost", "gaoling", function="community", posts=posts(0, 0, 2), budget="bureau"),
        unit("lengshui", "冷水分驻所", "outpost", "gaoling", function="community", posts=posts(0, 0, 2), budget="bureau"),
    ]
    squads = [
        unit("cg_cases", "刑侦中队", "squad", "chengguan", function="investigation", posts=posts(1, 0, 0, 5)),
        unit("cg_patrol", "巡警中队", "squad", "chengguan", function="patrol", posts=posts(1, 0, 7)),
        unit("cg_community", "社区民警中队", "squad", "chengguan", function="community", posts=posts(1, 0, 6)),
        unit("cg_desk", "内勤组", "squad", "chengguan", function="desk", posts=posts(0, 3)),
        unit("dc_one", "重案中队", "squad", "detectives", function="investigation", posts=posts(1, 0, 0, 7)),
        unit("dc_two", "侵财中队", "squad", "detectives", function="investigation", posts=posts(1, 0, 0, 7)),
    ]
    squads[0]["ties"] = [{"unit": "detectives", "relation": "command", "function": "investigation"}]
    top = unit("bureau", "示例县公安局（虚构）", "bureau", "", posts=posts(6))
    return {
        "id": "county",
        "name": {"zh": "示例县公安局（虚构）", "en": "Sample county bureau (invented)"},
        "unit": [top, *sections, *brigades, *stations, *outposts, *squads],
        "duty": [*DUTIES],
        "accountability": [
            {
                "id": "detection",
                "name": {"zh": "辖区案件办理", "en": "Cases of the area"},
                "unit": "chengguan",
                "needs": ["detectives"],
            },
            {
                "id": "order",
                "name": {"zh": "辖区平安", "en": "A safe area"},
                "unit": "chengguan",
                "needs": ["cg_patrol", "cg_cases"],
            },
        ],
        "load": [
            load("meetings", "全局例会和视频会", "bureau", "meeting", 900.0, "office"),
            load("sheets", "考核台账", "chengguan", "assessment", 120.0, "personnel"),
            load("raids", "专项行动", "chengguan", "ad_hoc", 240.0, "order_brigade"),
            load("lent", "夜间巡逻抽调", "liuhe", "secondment", 36.0, ""),
        ],
    }


def duty(identity: str, basis: str = "人民警察法第六条", **values: Any) -> Table:
    """Return a duty."""
    return {"id": identity, "name": {"zh": identity}, "basis": basis, **values}


DUTIES = (
    *(duty(each) for _, _, _, _, duties in SECTIONS for each in duties),
    duty("刑事案件", function="investigation"),
    duty("禁毒", function="investigation"),
    duty("治安管理", "1954年派出所组织条例第一项"),
    duty("行业场所检查", "1954年派出所组织条例第六项"),
    duty("交通管理"),
    duty("巡逻防控"),
    duty("经济案件"),
    duty("网络安全"),
    duty("羁押", ""),
    duty("社区警务"),
    duty("镇压反革命", "1954年派出所组织条例第二项"),
    duty("养犬管理"),
)


def load(identity: str, zh: str, place: str, kind: str, hours: float, by: str) -> Table:
    """Return hours lost."""
    return {"id": identity, "name": {"zh": zh}, "unit": place, "kind": kind, "hours_per_week": hours, "ordered_by": by}


def county(**changes: Any) -> DutySystem:
    """Return the county bureau with some of its tables replaced."""
    return DutySystem.model_validate({**county_tables(), **changes})


def plain_unit(identity: str, parent: str = "", **values: Any) -> Table:
    """Return a squad-level unit named by its id."""
    return {"id": identity, "name": {"zh": identity}, "level": "squad", "parent": parent, **values}


def chart(*units: Table, **values: Any) -> DutySystem:
    """Return a chart of these units."""
    return DutySystem.model_validate({"id": "chart", "name": {"zh": "架构"}, "unit": list(units), **values})
