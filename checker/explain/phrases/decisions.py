"""Phrases about decided cases."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    # a decision
    "must_accept": ("The seller must accept this return.", "商家必须接受该退货申请。"),
    "may_reject": ("The seller may refuse this return.", "商家可以拒绝该退货申请。"),
    "negotiate": (
        "The two negotiate about this return: nothing is owed, and no ground for refusing applies.",
        "双方就该退货申请协商：买家没有相应权利，也没有成立的拒绝理由。",
    ),
    "unknown": (
        "What the seller must do can't be told from what is stated.",
        "依所陈述的事实，尚不能判定商家应当如何处理。",
    ),
    "must_accept.by_default": (
        "Nothing speaks against it: no ground for refusing applies.",
        "没有成立的拒绝理由。",
    ),
    "as": ("{what}, as {why}.", "{what}，因为{why}。"),
    "as.always": ("{what}, whatever the case.", "{what}，无论何种情况。"),
    "as.list": ("{what}, as:", "{what}，因为："),
    "why.owed": ("“{title}” is owed by {policy}", "依{policy}，买家享有“{title}”的权利"),
    "why.not_owed": (
        "“{title}” is not owed by {policy}",
        "依{policy}，买家不享有“{title}”的权利",
    ),
    "why.nothing_owed": ("Nothing is owed:", "买家没有相应权利："),
    "why.defeated": ("{what}: {grounds} defeats it.", "{what}：{grounds}排除了该权利。"),
    "and_also": (", and ", "，且"),
    "why.undefeated": (
        "None of the grounds that would defeat it applies.",
        "能排除该权利的理由均不成立。",
    ),
    "why.ground": ("The ground “{title}” applies", "拒绝理由“{title}”成立"),
    "why.evidence": ("It is shown by {evidence}.", "凭证：{evidence}。"),
    "open.owed": (
        "“{title}” is owed by {policy} if ",
        "满足以下条件的，依{policy}买家享有“{title}”的权利：",
    ),
    "open.ground": ("The ground “{title}” applies if ", "满足以下条件的，拒绝理由“{title}”成立："),
    "needs": ("It would be settled by what is not stated: {facts}.", "尚需知道：{facts}。"),
    "needs.also": ("Not stated, and needed for the rest: {facts}.", "其余部分尚需知道：{facts}。"),
    "asked.boolean": ("whether {fact}", "“{fact}”是否成立"),
    "asked.value": ("“{fact}”", "“{fact}”"),
    "next": ("What comes next", "接下来"),
    "next.must_accept": (
        "The seller may neither refuse nor put it off.",
        "商家不得拒绝，也不得拖延。",
    ),
    "next.may_reject": (
        "The seller may refuse, citing {grounds}, or accept all the same.",
        "商家可以引用{grounds}拒绝，也可以接受。",
    ),
    "next.negotiate": (
        "The seller may accept or come to terms with the buyer, and may not refuse.",
        "商家可以接受或与买家协商，不得拒绝。",
    ),
    "next.unknown": (
        "The seller may accept, and should not refuse before the missing facts are known.",
        "商家可以接受；在所缺事实查明之前，不宜拒绝。",
    ),
    "term.value": ("{title}: {value}{clauses}", "{title}：{value}{clauses}"),
    "term.unknown": ("{title}: it depends on what is not stated", "{title}：取决于尚未陈述的事实"),
    "term.within": ("{value} from “{start}”", "自“{start}”起{value}"),
    "term.by_moment": ("{value}, until {end}", "{value}，至{end}止"),
    "term.by_day": ("{value}, until the end of {end}", "{value}，至{end}结束时止"),
    "term.done": ("{end} (done on {done}, in time)", "{end}（已于{done}完成，按时）"),
    "term.late": ("{end} (done on {done}, too late)", "{end}（已于{done}完成，超时）"),
    "seller": ("How the seller answers", "商家的处理"),
    "seller.accept": ("{seller} accepts", "{seller}予以接受"),
    "seller.reject": ("{seller} refuses", "{seller}予以拒绝"),
    "seller.manual": ("{seller} leaves it to a person", "{seller}转人工处理"),
    "seller.unknown": (
        "How {seller} answers can't be told from what is stated",
        "依所陈述的事实，尚不能判定{seller}如何处理",
    ),
    "seller.by_rule": ("{answer} by the rule “{rule}”", "{answer}，所依规则为“{rule}”"),
    "seller.otherwise": (
        "{answer}, as no rule of its own holds.",
        "{answer}，因为其自有规则均不适用。",
    ),
    "seller.otherwise.follow": (
        "{answer}, as the policy says: no rule of its own holds.",
        "{answer}，与政策一致：其自有规则均不适用。",
    ),
    "seller.no_rules": ("{answer}, as it does in every case.", "{answer}，一律如此。"),
    "seller.no_rules.follow": ("{answer}, as the policy says.", "{answer}，与政策一致。"),
    "seller.outside": (
        "{answer}, as the policy says: the seller's own rules are not about such cases.",
        "{answer}，与政策一致：其自有规则不涉及此类情况。",
    ),
    "seller.cites": ("It cites {grounds}.", "所引理由：{grounds}。"),
    "seller.offers": (
        "Better than required: “{title}” is {own} in place of {required}.",
        "优于要求：“{title}”为{own}，要求为{required}。",
    ),
    "finding.rejects-required-return": (
        "This refuses a return that must be accepted.",
        "这拒绝了必须接受的退货。",
    ),
    "finding.rejects-without-ground": (
        "This refuses without a ground that applies.",
        "这一拒绝没有成立的理由。",
    ),
    "finding.defers-required-return": (
        "This puts off a return that must be accepted.",
        "这拖延了必须接受的退货。",
    ),
    "finding.worse-term": (
        "Worse than required: “{title}” is {own} in place of {required}.",
        "低于要求：“{title}”为{own}，要求为{required}。",
    ),
}
