// The decision of the case, with its reasons, and the seller's response.

import { goToFact, showNeeded } from "./case.js";
import { byId, code, element, list, row, ticked, verbatim } from "./dom.js";
import { inLanguage, known, say } from "./words.js";

export function showDecision(decision, form) {
  showNeeded(decision?.needs ?? []);
  byId("decided").replaceChildren(...parts(decision, form));
}

function parts(decision, form) {
  if (!decision) return [element("p", { class: "note" }, say("decision.none"))];
  if (decision.error) return [element("p", { class: "error" }, say("decision.bad", { error: ticked(decision.error) }))];
  const reasons = (ids, titles) => list(ids.map((id) => reason(id, titles[id])));
  return [
    element(
      "p",
      {},
      element("strong", { class: `verdict ${decision.verdict}`, id: "verdict" }, say(`verdict.${decision.verdict}`)),
      " ", say("verdict.by", { policy: code(decision.policy) }),
    ),
    ...part("owed", decision.entitlements, (ids) => reasons(ids, form.entitlements)),
    ...part("grounds", decision.grounds, (ids) => reasons(ids, form.grounds)),
    ...part("needs", decision.needs, (names) => list(names.map(need), { class: "needs" })),
    ...(decision.override ? seller(decision) : []),
    ...part("terms", Object.keys(decision.terms), () => terms(decision, form)),
  ];
}

const part = (key, items, show) =>
  items.length ? [element("h3", {}, say(key)), show(items)] : [];

function reason(id, entry) {
  const title = inLanguage(entry?.title ?? null);
  const sources = entry?.source ?? [];
  const citation = sources.length ? element("span", { class: "note" }, ` ${sources.join(", ")}`) : null;
  return element("span", {}, title ? verbatim(title) : null, " ", code(id), citation);
}

const need = (name) =>
  element("button", { type: "button", class: "link", on: { click: () => goToFact(name) } }, code(name));

function seller(decision) {
  let answer = say(`response.${decision.response}`);
  if (decision.rule) answer = say("response.rule", { response: answer, rule: code(decision.rule) });
  if (decision.cites.length) {
    const cites = element("span", {}, ...decision.cites.flatMap((id, index) => [index ? ", " : "", code(id)]));
    answer = say("response.cites", { response: answer, cites });
  }
  const findings = part("findings", decision.findings, (checks) => list(checks.map((name) => check(name)), { class: "problems" }));
  return [
    element("h3", {}, say("seller")),
    element("p", { id: "response" }, code(decision.override), " ", answer),
    ...findings,
  ];
}

const WARNINGS = ["defers-required-return"];

export function check(name, severity = WARNINGS.includes(name) ? "warning" : "error") {
  const words = known(`check.${name}`) ? [say(`check.${name}`), " "] : [];
  return element("span", { class: severity }, ...words, code(name));
}

function terms(decision, form) {
  const offered = decision.seller_terms;
  const cell = (value) => (value === null ? say("fact.unknown") : value === undefined ? "–" : code(value));
  const head = ["terms.term", "terms.required", ...(offered ? ["terms.offered"] : [])];
  const rows = Object.entries(decision.terms).map(([name, required]) => {
    const title = inLanguage(form.terms[name]?.title ?? null);
    const cells = [required, ...(offered ? [offered[name]] : [])];
    return row(element("span", {}, title ? verbatim(title) : null, " ", code(name)), ...cells.map(cell));
  });
  return element(
    "table",
    {},
    element("caption", { class: "aside" }, say("terms")),
    element("thead", {}, element("tr", {}, ...head.map((key) => element("th", { scope: "col" }, say(key))))),
    element("tbody", {}, ...rows),
  );
}
