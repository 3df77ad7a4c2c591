// The state of the page: the texts and the case. They are validated, decided and proved while one
// types.

import { ask, giveUp, rested } from "./api.js";
import { showFields, usual } from "./case.js";
import { showDecision } from "./decision.js";
import { byId } from "./dom.js";
import * as editors from "./editors.js";
import { showProofs, showProving } from "./proof.js";
import { showSettings } from "./settings.js";

const TYPING = 250; // milliseconds without a key before documents are checked
const EMPTY = { facts: [], settings: [], entitlements: {}, grounds: {}, terms: {}, vocabulary: "" };
let form = EMPTY;
let facts = {};
let limits = { of: "" }; // for the policy text `of`: `settings`, or else `trouble`
let last = { validated: null, proved: null, decided: null };

// A server that does not answer is reported once, at the top of the page.
export function reached(answer) {
  if (answer) byId("trouble").hidden = answer.status !== 0;
  return answer?.status === 200;
}

// An edit cancels the proofs, and is checked when the typing pauses.
export function edited() {
  for (const lane of ["prove", "decide", "validate", "form"]) giveUp(lane);
  showProving("going");
  rested("edit", TYPING, check);
}

async function check() {
  const documents = editors.documents();
  const stated = editors.KINDS.filter((kind) => kind in documents);
  if (!stated.length) return nothing();
  const validated = await ask("validate", "validate", documents);
  if (!reached(validated)) return validated && refuse(validated);
  last.validated = [stated, validated.data];
  editors.showProblems(...last.validated);
  const hasErrors = validated.data.some((report) => report.findings.some((finding) => finding.severity === "error"));
  if (hasErrors) return decide(), showProving("waits");
  const answer = await ask("form", "form", documents);
  if (!reached(answer)) return answer && refuse(answer);
  const of = documents.policy?.text ?? answer.data.policy;
  const isNew = limits.of !== of;
  if (isNew) limits = { of };
  takeForm(answer.data);
  decide();
  prove();
  if (isNew) limit(of, documents);
}

function nothing() {
  last = { validated: [[], []], proved: null, decided: null };
  editors.showProblems([], []);
  showDecision(null, form);
  showProving("waits");
}

const refuse = (answer) => showProving("none", answer.data.detail ?? "");

function takeForm(newForm) {
  const isOther = newForm.vocabulary !== form.vocabulary;
  form = newForm;
  if (isOther) facts = usual(form);
  for (const name of Object.keys(facts)) {
    if (!form.facts.some((fact) => fact.name === name)) delete facts[name];
  }
  if (isOther || !byId("facts").contains(document.activeElement)) showFields(form, facts, decideSoon);
  drawSettings();
}

// A slider that is being moved is not replaced.
function drawSettings() {
  if (document.querySelector("#sliders input:active")) return rested("settings", 200, drawSettings);
  showSettings(form, limits, set);
}

const decideSoon = () => rested("decide", 60, decide);

export async function decide() {
  const on = byId("on").value;
  const answer = await ask("decide", "decide", { ...editors.documents(), facts, ...(on && { on }) });
  if (!answer) return;
  last.decided = reached(answer) ? answer.data : { error: answer.data.detail ?? "" };
  showDecision(last.decided, form);
}

async function prove() {
  showProving("going");
  const answer = await ask("prove", "prove", editors.documents());
  if (!reached(answer)) return answer && refuse(answer);
  last.proved = answer.data;
  showProofs(last.proved, form, fill);
}

// Limits depend only on the policy and the documents that it refers to.
async function limit(of, documents) {
  const request = documents.policy ? { policy: documents.policy } : documents;
  const answer = await ask("limits", "limits", request);
  if (!answer) return;
  if (reached(answer)) limits = { of, settings: answer.data.settings };
  else limits = answer.status ? { of, trouble: answer.data.detail } : { of: "" }; // so that it is requested again
  drawSettings();
}

// A counterexample becomes the case, on the day for which it was found.
function fill(finding) {
  facts = { ...finding.counterexample };
  byId("on").value = finding.on;
  showFields(form, facts, decideSoon);
  decide();
  byId("decision-heading").focus();
}

// A changed setting is written into the text, which is then checked as if it were typed.
function set(name, value) {
  for (const lane of ["validate", "form"]) giveUp(lane); // they are about the old text
  form.settings.find((setting) => setting.name === name).value = value;
  rested("setting", 80, async () => {
    if (!editors.text("override").trim()) await editors.choose("override", "new");
    const { policy, override } = editors.documents();
    const answer = await ask("setting", "setting", { policy, override, name, value });
    if (!reached(answer)) return answer && refuse(answer);
    if (editors.text("override") !== override.text) return; // the text was edited meanwhile
    editors.put("override", answer.data.text);
    edited();
  });
}

export const putUsual = () => put(usual(form));
export const putNothing = () => put({});

function put(newFacts) {
  facts = newFacts;
  showFields(form, facts, decideSoon);
  decide();
}

// Shows everything again, in the current language.
export function showAgain() {
  if (last.validated) editors.showProblems(...last.validated);
  showFields(form, facts, decideSoon);
  drawSettings();
  showDecision(last.decided, form);
  if (byId("proofs").firstChild) showProofs(last.proved, form, fill);
  showProving();
}
