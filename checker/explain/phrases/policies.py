"""Phrases of pages of policies, and of the facts that they test."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    # a policy
    "speaks": (
        "Cases are stated in the vocabulary {vocabulary}.",
        "案例用词汇表{vocabulary}陈述。",
    ),
    "upholds": (
        "Every seller must satisfy {policies} as well.",
        "每家商家还须同时符合{policies}。",
    ),
    "decided": ("How a return is decided", "如何判定"),
    "decided.must": (
        "The seller must accept the return where the buyer is owed it, here or by what every "
        "seller must satisfy as well.",
        "买家依本政策或须同时符合的政策享有权利的，商家必须接受退货。",
    ),
    "decided.must_alone": (
        "The seller must accept the return where the buyer is owed it.",
        "买家享有权利的，商家必须接受退货。",
    ),
    "decided.may": (
        "Else, where one of the grounds for refusing applies, the seller may refuse.",
        "否则，有一项拒绝理由成立的，商家可以拒绝。",
    ),
    "otherwise.negotiate": (
        "Else, the two negotiate: nothing is owed, and there is no ground for refusing.",
        "否则，由双方协商：买家没有相应权利，商家也没有拒绝理由。",
    ),
    "otherwise.must_accept": ("Else, the seller must accept.", "否则，商家必须接受。"),
    "entitlements": ("What the buyer is owed", "买家的权利"),
    "grounds": ("Grounds for refusing", "拒绝理由"),
    "terms": ("How fast, and who pays", "时限与费用"),
    "settings": ("What a seller may set", "商家可设置的项目"),
    "definitions": ("What is meant", "用语说明"),
    "facts": ("What is looked at", "判定所看的事实"),
    "standards": ("What follows for sellers", "对商家的措施"),
    "accepted": ("Findings that are meant", "有意保留的问题"),
    "none": ("None.", "无。"),
    "owed": ("Owed where ", "享有条件："),
    "unless": ("Not owed where one of these grounds applies:", "有以下理由之一成立的除外："),
    "unless.one": ("Not owed where the ground “{ground}” applies.", "理由“{ground}”成立的除外。"),
    "applies": ("Applies where ", "成立条件："),
    "evidence": ("Evidence: {evidence}.", "凭证：{evidence}。"),
    "means": ("This is so where ", "是指："),
    # a term
    "term.applies": ("It applies where ", "适用条件："),
    "term.after.accepted": (
        "The time runs only where the return was accepted.",
        "仅在退货获得接受时计时。",
    ),
    "term.after.rejected": (
        "The time runs only where the return was refused.",
        "仅在退货遭到拒绝时计时。",
    ),
    "within": (
        "{value}, from “{start}” until “{until}”.",
        "{value}，自“{start}”起，至“{until}”止。",
    ),
    "time_from": (
        "The time from “{start}” until “{until}”:",
        "自“{start}”起至“{until}”止的时限：",
    ),
    "value": ("{value}.", "{value}。"),
    "row.first": ("{value}, if ", "{value}，如果"),
    "row.next": ("otherwise {value}, if ", "否则为{value}，如果"),
    "row.last": ("otherwise {value}", "否则为{value}"),
    "row.from": (" ({clauses})", "（{clauses}）"),
    "row.assumed": (" (an assumption)", "（假设）"),
    "better.lower": ("Less is better for the buyer.", "越少对买家越有利。"),
    "better.higher": ("More is better for the buyer.", "越多对买家越有利。"),
    "better.sooner": ("Sooner is better for the buyer.", "越早对买家越有利。"),
    "better.later": ("Later is better for the buyer.", "越晚对买家越有利。"),
    "better.order": (
        "From best to worst for the buyer: {values}.",
        "对买家从最有利到最不利：{values}。",
    ),
    "better.next": (", then ", "、"),
    "no_worse": (
        "A seller may offer better than this, and nothing worse.",
        "商家可以提供更优的条件，不得更差。",
    ),
    # settings
    "setting": ("Setting", "设置"),
    "own_settings": ("Settings of this seller", "该商家的设置"),
    "default": ("Where the seller sets none", "未设置时"),
    "range": ("Range", "范围"),
    "limit": ("What passes", "可通过的值"),
    "founded": ("Where from", "出处"),
    "chosen": ("This seller", "该商家"),
    "settings.about": (
        "“What passes” are exactly the values with which a seller, changing this setting alone, "
        "refuses no return that must be accepted, puts none off and offers no worse term, whatever "
        "the case. It is proved, not sampled.",
        "“可通过的值”经证明得出，而非抽样：商家只改这一项设置时，恰好在取这些值的情况下，无论何种案例，都不会拒绝或拖延"
        "必须接受的退货，也不会提供更差的条件。",
    ),
    "settings.undecided": (
        "What passes can't be decided within the budget.",
        "在计算限额内无法确定可通过的值。",
    ),
    "fixed": ("{value} (fixed)", "{value}（固定）"),
    "to": ("{low} to {high}", "{low}至{high}"),
    "or_more": ("{low} or more", "{low}及以上"),
    "up_to": ("up to {high}", "不超过{high}"),
    "any": ("any", "任意值"),
    "no_value": ("no value", "没有可通过的值"),
    "must_have": ("must have {values}", "必须有{values}"),
    "may_have": ("may have {values}", "可以有{values}"),
    "never_has": ("may not have {values}", "不得有{values}"),
    "joint.separate": (
        "Changed together, settings pass where each does alone.",
        "同时更改多项设置时，各项单独可通过即可通过。",
    ),
    "joint.none": (
        "No settings pass: the policy itself fails.",
        "任何设置都不可通过：政策本身有问题。",
    ),
    "joint": ("Changed together, settings pass where ", "同时更改多项设置时，可通过的条件："),
    "joint.perhaps": (
        "Changed together, settings fail unless (and perhaps even where) ",
        "同时更改多项设置时，除非满足以下条件（满足时也未必可通过），否则不可通过：",
    ),
    # standards
    "window": (
        "A seller's record of the last {window} counts. The first of these that holds is what "
        "follows:",
        "统计商家最近{window}的记录，适用以下第一个成立的措施：",
    ),
    "rung": ("{title}, where ", "{title}，条件："),
    "meant": ("{check} at {at}: {why}", "{check}（{at}）：{why}"),
    "meant_everywhere": ("{check}, wherever it is found: {why}", "{check}（所有位置）：{why}"),
    # facts
    "described": ("{what}: {type}.", "{what}：{type}。"),
    "type.boolean": ("yes or no", "是或否"),
    "type.integer": ("a whole number", "整数"),
    "type.integer.range": ("{range}", "{range}"),
    "type.money": ("an amount of money", "金额"),
    "type.money.range": ("an amount of money, {range}", "金额，{range}"),
    "type.enum": ("{values}", "{values}"),
    "type.choice": ("{values}", "{values}"),
    "type.set": ("any of {values}", "{values}中的任意几项"),
    "type.duration": ("a length of time", "时长"),
    "type.duration.range": ("{range}", "{range}"),
    "type.date": ("a day", "日期"),
    "type.datetime": ("a moment, of which only order and distance count", "时刻，仅用于计时"),
    "value_of": ("{title} ({id})", "{title}（{id}）"),
    "derived": (
        "Where it is not stated, it is counted from “{start}” to “{end}”.",
        "未陈述时，按“{start}”至“{end}”计算。",
    ),
    "blocks": (
        "Blocks of 24 hours are counted, one that has begun as a whole one.",
        "按24小时为一段计算，不足一段的按一段计。",
    ),
    "before.zero": (
        "Where the second comes before the first, it is 0.",
        "后者早于前者时为0。",
    ),
    "typical": ("Usually: {value}.", "通常为：{value}。"),
    "unstated.fact": ("Where it is not stated: the same as “{fact}”.", "未陈述时与“{fact}”相同。"),
    "unstated": ("Where it is not stated: {value}.", "未陈述时视为：{value}。"),
    "as_of": (
        "The versions that count are those of the day of “{fact}”.",
        "适用哪一版本，以“{fact}”当日为准。",
    ),
    "day_of": ("It is the day of “{moment}”.", "即“{moment}”当日。"),
    "order": ("Events happen in this order: {events}.", "事件按以下顺序发生：{events}。"),
    "zone": (
        "Moments belong to days as clocks show them in {zone}.",
        "时刻属于哪一日，以{zone}时间为准。",
    ),
    "invariants": ("What no possible case breaks", "任何案例都须符合的事实关系"),
    "invariant": ("{title}: ", "{title}："),
}
