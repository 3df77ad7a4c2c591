"""A small project in a folder: a vocabulary, a source, a policy, a seller and cases beside them."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "policy/facts.yaml": """\
kind: vocabulary
id: goods
version: 1.0.0
facts:
  opened: {type: boolean, title: {en: item was opened, zh: 商品已拆封 📦}}
  goods: {type: enum, values: [general, food], titles: {food: {en: food, zh: 食品}}}
  bought_on: {type: date}
  asked_on: {type: date}
  days: {type: integer, range: [0, 365], typical: 3, derive: {days_from: bought_on, to: asked_on}}
  price: {type: money, currency: CNY, range: ["0.00", "1000.00"], typical: "99.00"}
""",
    "policy/law.yaml": """\
kind: source
id: book
title: The book
clauses:
  c1: {gist: {en: Returns within a week., zh: 七日内可退货。}, status: encoded}
  c2: {gist: Food need not be taken back., status: encoded}
""",
    "policy/rules.yaml": """\
kind: policy
id: market/rules
version: 1.0.0
title: The market's rules
vocabulary: goods@1
parameters:
  window:
    {type: integer, range: [0, 365], default: 7, title: {en: days, zh: 退货天数}, source: [book#c1]}
  flat: {type: boolean, default: false, fixed: true, basis: assumption}
definitions:
  late: {days: {more_than: {param: window}}}
titles:
  late: {en: it is late, zh: 已逾期}
grounds:
  too-late: {title: it is too late, when: {definition: late}, source: [book#c1]}
  food-opened:
    {title: {en: opened food, zh: 食品已拆封}, when: {goods: food, opened: true}, source: [book#c2]}
entitlements:
  week: {when: {days: {at_most: {param: window}}}, unless: [food-opened], source: [book#c1]}
""",
    "policy/shop.yaml": """\
# 店铺 🏪 of a seller
kind: override
id: shop
version: 1.0.0
title: {en: a shop, zh: 一家店铺 🏪}
policy: market/rules@1
settings: {window: 14}
rules:
  - {id: food, note: 🍜, when: {goods: food, opened: true}, respond: reject, cites: [food-opened]}
  - {id: dear, when: {price: {more_than: "500.00"}, ground: too-late}, respond: manual}
otherwise: follow
""",
    "cases.yaml": """\
kind: cases
policy: market/rules@1
override: shop
cases:
  - id: soup
    facts: {goods: food, opened: true, days: 2, price: "9.00"}
    expect: {verdict: may_reject, response: reject, grounds: [food-opened]}
""",
}


def lay_out(folder: Path) -> Path:
    """Write the project into a folder, and return it."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder.resolve()
