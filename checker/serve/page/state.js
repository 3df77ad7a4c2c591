// What is looked at: the texts and the case, which are validated, decided and proved behind the
// typing.

import { ask, giveUp, rested } from "./api.js";
import { showFields, usual } from "./case.js";
import { showDecision } from "./decision.js";
import { byId } from "./dom.js";
import * as editors from "./editors.js";
import { showProofs, showProving } from "./proof.js";
import { showSettings } from "./settings.js";

const TYPING = 250; // milliseconds without a key, until documents are looked at
const EMPTY = { facts: [], settings: [], entitlements: {}, grounds: {}, terms: {}, vocabulary: "" };
let form = EMPTY;
let facts = {};
let limits = { of: "" }; // of the text of a policy: `settings`, or else `trouble`
let last = { validated: null, proved: null, decided: null };

// What the server could not even be asked is said once, above all else.
export function reached(answer) {
  if (answer) byId("trouble").hidden = answer.status !== 0;
  return answer?.status === 200;
}

// An edit gives up what is being proved, and is looked at when the typing rests.
export function edited() {
  for (const lane of ["prove", "decide", "validate", "form"]) giveUp(lane);
  showProving("going");
  rested("edit", TYPING, look);
}

async function look() {
  const documents = editors.documents();
  const stated = editors.KINDS.filter((kind) => kind in documents);
  if (!stated.length) return nothing();
  const validated = await ask("validate", "validate", documents);
  if (!reached(validated)) return validated && refuse(validated);
  last.validated = [stated, validated.data];
  editors.showProblems(...last.validated);
  const wrong = validated.data.some((each) => each.findings.some((one) => one.severity === "error"));
  if (wrong) return decide(), showProving("waits");
  const found = await ask("form", "form", documents);
  if (!reached(found)) return found && refuse(found);
  const of = documents.policy?.text ?? found.data.policy;
  const other = limits.of !== of;
  if (other) limits = { of };
  takeForm(found.data);
  decide();
  prove();
  if (other) limit(of, documents);
}

function nothing() {
  last = { validated: [[], []], proved: null, decided: null };
  editors.showProblems([], []);
  showDecision(null, form);
  showProving("waits");
}

const refuse = (answer) => showProving("none", answer.data.detail ?? "");

function takeForm(found) {
  const other = found.vocabulary !== form.vocabulary;
  form = found;
  if (other) facts = usual(form);
  for (const name of Object.keys(facts)) {
    if (!form.facts.some((each) => each.name === name)) delete facts[name];
  }
  if (other || !byId("facts").contains(document.activeElement)) showFields(form, facts, decideSoon);
  drawSettings();
}

// What a hand is on is not taken away from it.
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

// Limits depend on the policy, and on what it stands on, alone.
async function limit(of, documents) {
  const asked = documents.policy ? { policy: documents.policy } : documents;
  const answer = await ask("limits", "limits", asked);
  if (!answer) return;
  if (reached(answer)) limits = { of, settings: answer.data.settings };
  else limits = answer.status ? { of, trouble: answer.data.detail } : { of: "" }; // to be asked again
  drawSettings();
}

// A counterexample becomes the case, on the day on which it holds.
function fill(finding) {
  facts = { ...finding.counterexample };
  byId("on").value = finding.on;
  showFields(form, facts, decideSoon);
  decide();
  byId("decision-heading").focus();
}

// A setting that is moved is changed in the text, which is then looked at as if typed.
function set(name, value) {
  for (const lane of ["validate", "form"]) giveUp(lane); // they are about the text as it was
  form.settings.find((each) => each.name === name).value = value;
  rested("setting", 80, async () => {
    if (!editors.text("override").trim()) await editors.choose("override", "new");
    const { policy, override } = editors.documents();
    const answer = await ask("setting", "setting", { policy, override, name, value });
    if (!reached(answer)) return answer && refuse(answer);
    if (editors.text("override") !== override.text) return; // somebody typed
    editors.put("override", answer.data.text);
    edited();
  });
}

export const putUsual = () => put(usual(form));
export const putNothing = () => put({});

function put(found) {
  facts = found;
  showFields(form, facts, decideSoon);
  decide();
}

// Shows all that is known anew, in the language that is spoken now.
export function showAgain() {
  if (last.validated) editors.showProblems(...last.validated);
  showFields(form, facts, decideSoon);
  drawSettings();
  showDecision(last.decided, form);
  if (byId("proofs").firstChild) showProofs(last.proved, form, fill);
  showProving();
}
