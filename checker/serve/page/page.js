// What happens when: texts are edited, validated, and then decided and proved behind the typing.

import { ask, giveUp, rested } from "./api.js";
import { showFields, usual } from "./case.js";
import { showDecision } from "./decision.js";
import { byId } from "./dom.js";
import * as editors from "./editors.js";
import { showProofs, showProving } from "./proof.js";
import { showSettings } from "./settings.js";
import { firstLanguage, otherLanguage, say, speak } from "./words.js";

const TYPING = 250; // milliseconds without a key, until documents are looked at
const EMPTY = { facts: [], settings: [], entitlements: {}, grounds: {}, terms: {}, vocabulary: "" };
let form = EMPTY;
let facts = {};
let limits = { of: "", settings: null }; // of the text of a policy
let last = { validated: null, proved: null, decided: null };

// What the server could not even be asked is said once, above all else.
function reached(answer) {
  if (answer) byId("trouble").hidden = answer.status !== 0;
  if (answer?.status === 0) byId("trouble").replaceChildren(say("trouble"));
  return answer?.status === 200;
}

// An edit gives up what is being proved, and is looked at when the typing rests.
function edited() {
  for (const lane of ["prove", "decide", "validate", "form"]) giveUp(lane);
  showProving("going");
  rested("edit", TYPING, look);
}

async function look() {
  const documents = editors.documents();
  const stated = editors.KINDS.filter((kind) => kind in documents);
  if (!stated.length) return;
  const validated = await ask("validate", "validate", documents);
  if (!reached(validated)) return validated && refuse(validated);
  last.validated = [stated, validated.data];
  editors.showProblems(...last.validated);
  const wrong = validated.data.some((each) => each.findings.some((one) => one.severity === "error"));
  if (wrong) return showProving("waits");
  const found = await ask("form", "form", documents);
  if (!reached(found)) return found && refuse(found);
  const of = documents.policy?.text ?? found.data.policy;
  if (limits.of !== of) limits = { of: "", settings: null };
  takeForm(found.data);
  decide();
  prove();
  if (!limits.settings) limit(of, documents);
}

const refuse = (answer) => showProving("none", answer.data.detail ?? "");

function takeForm(found) {
  const other = found.vocabulary !== form.vocabulary;
  form = found;
  if (other) facts = usual(form);
  for (const name of Object.keys(facts)) {
    if (!form.facts.some((each) => each.name === name)) delete facts[name];
  }
  if (!byId("facts").contains(document.activeElement)) showFields(form, facts, decideSoon);
  drawSettings();
}

// What a hand is on is not taken away from it.
function drawSettings() {
  if (document.querySelector("#sliders input:active")) return rested("settings", 200, drawSettings);
  showSettings(form, limits.settings, set);
}

const decideSoon = () => rested("decide", 60, decide);

async function decide() {
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
  limits = { of, settings: reached(answer) ? answer.data.settings : null };
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
  rested("setting", 80, async () => {
    const { policy, override } = editors.documents();
    if (!override) return;
    const answer = await ask("setting", "setting", { policy, override, name, value });
    if (!reached(answer)) return answer && refuse(answer);
    editors.put("override", answer.data.text);
    edited();
  });
}

// A policy is tried with a seller who answers under it, a seller with the policy it names.
async function opened(kind) {
  if (!reached(await editors.open(kind))) return edited();
  if (kind === "override") {
    const own = await ask("form", "form", { override: { text: editors.text("override") } });
    const name = own?.data.policy;
    if (reached(own) && name !== editors.chosen("policy")) await editors.choose("policy", name);
  } else if (editors.text("override")) {
    await editors.choose("override", "new");
  }
  byId("on").value = "";
  edited();
}

function speakAll(language) {
  speak(language);
  editors.showNames();
  if (last.validated) editors.showProblems(...last.validated);
  showFields(form, facts, decideSoon);
  drawSettings();
  showDecision(last.decided, form);
  if (last.proved) showProofs(last.proved, form, fill);
}

function put(found) {
  facts = found;
  showFields(form, facts, decideSoon);
  decide();
}

for (const kind of editors.KINDS) {
  byId(`${kind}-text`).addEventListener("input", () => (editors.showEdited(kind), edited()));
  byId(`${kind}-name`).addEventListener("change", () => opened(kind));
  byId(`${kind}-revert`).addEventListener("click", () => (editors.revert(kind), edited()));
}
byId("usual").addEventListener("click", () => put(usual(form)));
byId("unknown").addEventListener("click", () => put({}));
byId("on").addEventListener("change", decide);
byId("facts").addEventListener("submit", (event) => event.preventDefault());
byId("language").addEventListener("click", () => speakAll(otherLanguage()));

speak(firstLanguage());
showDecision(null, form);
if (reached(await editors.openNames())) {
  const sellers = [...byId("override-name").options].map((each) => each.value);
  if (sellers.length > 2) {
    byId("override-name").value = sellers[2];
    await opened("override");
  } else if (byId("policy-name").value) {
    await editors.open("policy");
    await editors.choose("override", "new");
    edited();
  }
}
