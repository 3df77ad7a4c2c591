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

function sentence(finding) {
  const [kind, term] = finding.check.split(/:(.*)/s);
  const timed = finding.taken !== undefined && finding.limit !== undefined;
  const key = `case.${kind}${term && !timed ? ".untimed" : ""}`;
  if (!Object.hasOwn(data.words, key)) return t("case.other", { check: check(finding.check) });
  const values = { at: code(finding.at ?? "–") };
  if (data.audit === "returns") {
    Object.assign(values, { because: codes(finding.because), cites: codes(finding.cites) });
    if (timed) Object.assign(values, { taken: duration(finding.taken), limit: duration(finding.limit) });
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

// The paragraphs below the sentence.
function* details(finding) {
  if (data.audit === "settings") {
    if (finding.limit) yield t("limit.broken", { limit: code(finding.limit) });
    if (finding.failure) yield t("failure.of", { failure: phrase("failure", { number: number(finding.failure) }) });
    return;
  }
  if (finding.cites.length && finding.check === "rejected-required-return") {
    yield t("case.cites", { cites: codes(finding.cites) });
  }
  for (const clause of finding.clauses) {
    const gist = gists.has(clause) ? ["— ", text(gists.get(clause))] : [];
    yield element("span", {}, t("by", { clauses: code(clause) }), " ", ...gist);
  }
}

function aboutCase(finding) {
  const parts = [
    finding.on && element("time", { datetime: finding.on }, finding.on),
    finding.policy && code(finding.policy),
    finding.verdict && t("required", { verdict: phrase(`verdict.${finding.verdict}`) }),
    finding.response && t("response", { response: phrase(`response.${finding.response}`) }),
  ];
  return element("p", { class: "note" }, joined(parts.filter(Boolean), " · "));
}

function caseArticle(finding, index) {
  const id = `case-${index}`;
  const returns = data.audit === "returns";
  const title = returns ? joined([code(finding.case), check(finding.check)], " · ") : check(finding.check);
  const body = element("div", {}, element("h4", { id }, title));
  if (returns) body.append(aboutCase(finding));
  body.append(element("p", {}, sentence(finding)), ...[...details(finding)].map((node) => element("p", {}, node)));
  const article = element("article", { class: "case", "aria-labelledby": id }, body);
  if (finding.facts.length) article.append(factsTable(finding.facts));
  return article;
}

function casesOf(name, values) {
  const findings = cases.get(name) ?? [];
  const all = values ? values[names.indexOf("findings")] : findings.length;
  const nodes = [element("h3", {}, t("cases"))];
  if (!all) return [...nodes, element("p", {}, t("cases.none"))];
  if (findings.length < all) {
    const count = { shown: number(findings.length), findings: counted(all, "finding") };
    nodes.push(element("p", { class: "note" }, t("cases.shown", count), " ", t("cases.elsewhere")));
  }
  return [...nodes, ...findings.map(caseArticle)];
}

function showSeller(name) {
  const values = records.get(name);
  const known = values || cases.has(name);
  byId("view-heading").replaceChildren(known ? verbatim(shownName(name)) : t("no_seller"));
  byId("record").replaceChildren(...(values ? [record(values)] : []));
  byId("cases").replaceChildren(...(known ? casesOf(name, values) : []));
}
