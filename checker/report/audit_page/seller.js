// A seller's view: the record, then each case in a sentence, with its clauses and its facts.

const cases = new Map(data.cases);
const records = new Map(data.sellers.map((values) => [values[0], values]));
const names = data.columns.map(([name]) => name);

function record(values) {
  const entries = data.columns.slice(1).map(([name, kind], at) => {
    const value = shown(kind, values[at + 1]);
    return element("div", {}, element("dt", {}, t(name)), element("dd", {}, value));
  });
  return element("dl", { class: "record" }, ...entries);
}

function sentence(each) {
  const [kind, term] = each.check.split(/:(.*)/s);
  const timed = each.taken !== undefined && each.limit !== undefined;
  const key = `case.${kind}${term && !timed ? ".untimed" : ""}`;
  if (!Object.hasOwn(data.words, key)) return t("case.other", { check: check(each.check) });
  const values = { at: code(each.at ?? "–") };
  if (data.audit === "returns") {
    Object.assign(values, { because: codes(each.because), cites: codes(each.cites) });
    if (timed) Object.assign(values, { taken: duration(each.taken), limit: duration(each.limit) });
  }
  return t(key, values);
}

function factsTable(facts) {
  const body = facts.map(([name, value]) =>
    element("tr", { role: "row" },
      element("th", { scope: "row", role: "rowheader" }, code(name)),
      element("td", { role: "cell" }, code(value))));
  return element("table", { class: "facts", role: "table" },
    element("caption", {}, t(data.audit === "returns" ? "facts" : "counterexample")),
    element("tbody", { role: "rowgroup" }, ...body));
}

// What stands below the sentence, as paragraphs.
function* more(each) {
  if (data.audit === "settings") {
    if (each.limit) yield t("limit.broken", { limit: code(each.limit) });
    if (each.failure) yield t("failure.of", { failure: phrase("failure", { number: number(each.failure) }) });
    return;
  }
  if (each.cites.length && each.check === "rejected-required-return") {
    yield t("case.cites", { cites: codes(each.cites) });
  }
  for (const clause of each.clauses) {
    const gist = gists.has(clause) ? ["— ", text(gists.get(clause))] : [];
    yield element("span", {}, t("by", { clauses: code(clause) }), " ", ...gist);
  }
}

function aboutCase(each) {
  const parts = [
    each.on && element("time", { datetime: each.on }, each.on),
    each.policy && code(each.policy),
    each.verdict && t("required", { verdict: phrase(`verdict.${each.verdict}`) }),
    each.response && t("response", { response: phrase(`response.${each.response}`) }),
  ];
  return element("p", { class: "note" }, joined(parts.filter(Boolean), " · "));
}

function caseArticle(each, place) {
  const id = `case-${place}`;
  const returns = data.audit === "returns";
  const title = returns ? joined([code(each.case), check(each.check)], " · ") : check(each.check);
  const said = element("div", {}, element("h4", { id }, title));
  if (returns) said.append(aboutCase(each));
  said.append(element("p", {}, sentence(each)), ...[...more(each)].map((node) => element("p", {}, node)));
  const made = element("article", { class: "case", "aria-labelledby": id }, said);
  if (each.facts.length) made.append(factsTable(each.facts));
  return made;
}

function casesOf(name, values) {
  const found = cases.get(name) ?? [];
  const all = values ? values[names.indexOf("findings")] : found.length;
  const made = [element("h3", {}, t("cases"))];
  if (!all) return [...made, element("p", {}, t("cases.none"))];
  if (found.length < all) {
    const count = { shown: number(found.length), findings: counted(all, "finding") };
    made.push(element("p", { class: "note" }, t("cases.shown", count), " ", t("cases.elsewhere")));
  }
  return [...made, ...found.map(caseArticle)];
}

function showSeller(name) {
  const values = records.get(name);
  const known = values || cases.has(name);
  byId("view-heading").replaceChildren(known ? verbatim(shownName(name)) : t("no_seller"));
  byId("record").replaceChildren(...(values ? [record(values)] : []));
  byId("cases").replaceChildren(...(known ? casesOf(name, values) : []));
}
