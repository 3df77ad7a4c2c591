// What is proved of the documents, and the plainest case that shows each failure.

import { check } from "./decision.js";
import { byId, code, element, list, ticked } from "./dom.js";
import { place } from "./editors.js";
import { inLanguage, say } from "./words.js";

let said = ["going"];

// Says how far the proofs are: `going`, `waits`, `done`, or `none` with why; what was said last, if
// nothing is given. While new ones are going, those before stay, paler.
export function showProving(...how_and_why) {
  if (how_and_why.length) said = how_and_why;
  const [how, detail = ""] = said;
  byId("proving").replaceChildren(say(`proof.${how}`, { detail: ticked(detail) }));
  if (how !== "done" && how !== "going") byId("proofs").replaceChildren();
  byId("proof").setAttribute("aria-busy", how === "going");
}

// Shows proofs; `fill` is called with the finding whose case is to be filled in.
export function showProofs(proofs, form, fill) {
  showProving("done");
  byId("proofs").replaceChildren(...proofs.map((each) => proof(each, form, fill)));
}

function proof(each, form, fill) {
  const values = { document: code(each.document), against: code(each.against) };
  const how = each.holds ? "holds" : "fails";
  const found = each.findings.map((finding) => shown(finding, form, fill));
  return element("article", { class: how }, element("h3", {}, say(`proof.${how}`, values)), list(found, { class: "problems" }));
}

function shown(finding, form, fill) {
  const severity = finding.accepted ? "accepted" : finding.severity;
  const told = [
    element("p", {}, element("strong", { class: severity }, say(severity)), " ", check(finding.check, severity), " ", place(finding.position)),
    element("p", { class: "note" }, ticked(`${finding.message}${finding.at ? ` (\`${finding.at}\`)` : ""}`)),
  ];
  if (finding.accepted) told.push(element("p", { class: "note" }, inLanguage(finding.accepted)));
  if (finding.counterexample) told.push(...example(finding, form, fill));
  return element("div", {}, ...told);
}

function example(finding, form, fill) {
  const stated = Object.entries(finding.counterexample);
  const typical = new Map(form.facts.map((each) => [each.name, each.typical]));
  const unusual = stated.filter(([name, value]) => typical.get(name) !== value);
  const facts = list(unusual.map(([name, value]) => code(`${name}: ${value}`)), { class: "plain example" });
  const button = element("button", { type: "button", class: "fill", on: { click: () => fill(finding) } }, say("proof.fill"));
  return [element("p", {}, say(unusual.length ? "proof.case" : "proof.usual")), facts, button];
}
