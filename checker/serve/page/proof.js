// The proofs about the documents, with a minimal counterexample of each failure.

import { check } from "./decision.js";
import { byId, code, element, list, ticked } from "./dom.js";
import { place } from "./editors.js";
import { inLanguage, say } from "./words.js";

let state = ["going"];

// Shows the state of the proofs: `going`, `waits`, `done`, or `none` with a reason; without
// arguments the last state. The old proofs stay, paler, while new ones are going.
export function showProving(...newState) {
  if (newState.length) state = newState;
  const [how, detail = ""] = state;
  byId("proving").replaceChildren(say(`proof.${how}`, { detail: ticked(detail) }));
  if (how !== "done" && how !== "going") byId("proofs").replaceChildren();
  byId("proof").setAttribute("aria-busy", how === "going");
}

// Shows proofs; `fill` is called with the finding whose counterexample becomes the case.
export function showProofs(proofs, form, fill) {
  showProving("done");
  byId("proofs").replaceChildren(...proofs.map((report) => proof(report, form, fill)));
}

function proof(report, form, fill) {
  const values = { document: code(report.document), against: code(report.against) };
  const how = report.holds ? "holds" : "fails";
  const findings = report.findings.map((finding) => findingDetails(finding, form, fill));
  return element("article", { class: how }, element("h3", {}, say(`proof.${how}`, values)), list(findings, { class: "problems" }));
}

function findingDetails(finding, form, fill) {
  const severity = finding.accepted ? "accepted" : finding.severity;
  const parts = [
    element("p", {}, element("strong", { class: severity }, say(severity)), " ", check(finding.check, severity), " ", place(finding.position)),
    element("p", { class: "note" }, ticked(`${finding.message}${finding.at ? ` (\`${finding.at}\`)` : ""}`)),
  ];
  if (finding.accepted) parts.push(element("p", { class: "note" }, inLanguage(finding.accepted)));
  if (finding.counterexample) parts.push(...example(finding, form, fill));
  return element("div", {}, ...parts);
}

function example(finding, form, fill) {
  const stated = Object.entries(finding.counterexample);
  const typical = new Map(form.facts.map((fact) => [fact.name, fact.typical]));
  const unusual = stated.filter(([name, value]) => typical.get(name) !== value);
  const facts = list(unusual.map(([name, value]) => code(`${name}: ${value}`)), { class: "plain example" });
  const button = element("button", { type: "button", class: "fill", on: { click: () => fill(finding) } }, say("proof.fill"));
  return [element("p", {}, say(unusual.length ? "proof.case" : "proof.usual")), facts, button];
}
