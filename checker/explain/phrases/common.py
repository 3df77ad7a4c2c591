"""Phrases that pages have in common."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    # what a page is
    "contents": ("Contents", "目录"),
    "about": ("{kind} {id}", "{kind}{id}"),
    "kind.policy": ("Policy", "政策"),
    "kind.override": ("Seller's rules", "商家规则"),
    "kind.vocabulary": ("Vocabulary", "词汇表"),
    "kind.calendar": ("Calendar", "日历"),
    "kind.source": ("Source", "来源"),
    "kind.cases": ("Cases", "案例"),
    "kind.columns": ("Columns of a table", "数据表的列"),
    "kind.exchange": ("Exchange", "数据交换"),
    "version": (", version {version}", "，版本 {version}"),
    "from": (", in force from {day}", "，自{day}起施行"),
    "until": (", up to and including {day}", "，至{day}（含）止"),
    "stop": (".", "。"),
    "colon": (":", "："),
    "colon_blank": (": ", "："),
    "blank": (" ", ""),
    "semicolon": ("; ", "；"),
    "reference": ("“{title}” ({name})", "“{title}”（{name}）"),
    "rests_on": ("Rests on {clauses}.", "依据：{clauses}。"),
    "clauses": ("{source} {clauses}", "{source} {clauses}"),
    "assumption": ("An assumption: no source states it.", "属于假设：没有来源作此规定。"),
    "sources": ("Sources", "来源"),
    "gist": ("{clause}: {gist}", "{clause}：{gist}"),
    "status.advice": (" (advice, which no rule carries out: {why})", "（建议，未转为规则：{why}）"),
    "status.superseded": (" (superseded: {why})", "（被取代：{why}）"),
    # how days are counted
    "elapsed": ("Time is counted to the minute.", "按实际经过的时间计算，精确到分钟。"),
    "calendar_days": (
        "Whole days are counted: the day after is day 1, and the last day lasts until its end.",
        "按整日计算：次日为第1天，至最后一日结束为止。",
    ),
    "calendar_months": (
        "Months are counted: each ends on the same date, or on the last day of a month without it.",
        "按月计算：每月至相同日期为止，无该日期的月份至月末为止。",
    ),
    "and_days": (" {days} days run before the first of them.", "在第一个月之前先计{days}天。"),
    "roll": (
        " Where the last day is a holiday of {calendar}, the period ends on the next day that is "
        "none.",
        "最后一日为{calendar}中的节假日的，顺延至其后第一个非节假日。",
    ),
    "roll_by": (
        "the calendar that follows from {fact}",
        "按{fact}确定的日历",
    ),
    "roll_by.calendars": (" The calendars are {calendars}.", "日历：{calendars}。"),
    "picked": ("{value}: {calendar}", "{value}：{calendar}"),
    "weekends": (
        " So does one that would end on a Saturday or Sunday that is not worked.",
        "最后一日为非调休上班的周六、周日的，同样顺延。",
    ),
}
