// The two texts: chosen from the roots' documents, edited here, with the findings in them.

import { ask, giveUp } from "./api.js";
import { byId, element, ticked } from "./dom.js";
import { say, said } from "./words.js";

export const KINDS = ["policy", "override"];
const NEW = (policy) => `kind: override
id: sellers/my-shop
version: 1.0.0
policy: ${policy}
settings: {}
rules: []
otherwise: follow
`;
const opened = { policy: "", override: "" }; // the texts before any edit
const drafts = { policy: new Map(), override: new Map() }; // the edited texts, by the text before any edit
let names = { policy: [], override: [] };

export const text = (kind) => byId(`${kind}-text`).value;
export const chosen = (kind) => byId(`${kind}-name`).value;

export function put(kind, value) {
  byId(`${kind}-text`).value = value;
  showEdited(kind);
}

export function showEdited(kind) {
  const same = text(kind) === opened[kind];
  byId(`${kind}-revert`).hidden = same;
  if (same) drafts[kind].delete(opened[kind]);
  else drafts[kind].set(opened[kind], text(kind));
}

export const hasEdits = () => KINDS.some((kind) => drafts[kind].size > 0);
export const isEdited = (kind) => text(kind) !== opened[kind];

export function revert(kind) {
  put(kind, opened[kind]);
  byId(`${kind}-text`).focus(); // the button has gone
}

// The documents of a request: those whose text is not empty.
export function documents() {
  const stated = KINDS.filter((kind) => text(kind).trim());
  return Object.fromEntries(stated.map((kind) => [kind, { text: text(kind) }]));
}

export async function openNames() {
  const answer = await ask("documents", "documents");
  if (answer?.status === 200) names = answer.data;
  showNames();
  return answer;
}

export function showNames() {
  for (const kind of KINDS) {
    const select = byId(`${kind}-name`);
    const [before, first] = [select.value, select.options.length === 0];
    const special = kind === "override" ? ["none", "new"] : [];
    select.replaceChildren(
      ...special.map((name) => element("option", { value: name }, say(`document.${name}`))),
      ...names[kind].map((name) => element("option", { value: name }, name)),
    );
    if (!first) select.value = before;
  }
}

// Opens the chosen document, with the edits that were made to it before.
export async function open(kind) {
  const name = chosen(kind);
  giveUp(`open-${kind}`); // the document that was chosen before may still be loading
  if (name === "none" || name === "new") {
    const policy = chosen("policy").replace(/\.\d+\.\d+$/, "");
    return show(kind, name === "new" ? NEW(policy) : "");
  }
  const query = new URLSearchParams({ kind, name });
  const answer = await ask(`open-${kind}`, `document?${query}`);
  if (answer?.status === 200) show(kind, answer.data.text);
  return answer;
}

function show(kind, value) {
  opened[kind] = value;
  put(kind, drafts[kind].get(value) ?? value);
  byId(`${kind}-text`).scrollTop = 0;
}

export function choose(kind, name) {
  byId(`${kind}-name`).value = name;
  return open(kind);
}

// Shows the findings in each text; `reports` are the server's for the stated kinds, in their order.
export function showProblems(stated, reports) {
  for (const kind of KINDS) {
    const index = stated.indexOf(kind);
    const problems = index < 0 ? [] : reports[index].findings;
    const none = index < 0 ? [] : [element("li", { class: "note" }, say("problems.none"))];
    byId(`${kind}-problems`).replaceChildren(...(problems.length ? problems.map(problem) : none));
    byId(`${kind}-text`).setAttribute("aria-invalid", problems.some((finding) => finding.severity === "error"));
  }
}

const problem = (finding) =>
  element(
    "li",
    { class: finding.severity },
    element("strong", {}, said(finding.severity)), " ", place(finding.position), " ",
    ticked(finding.message + (finding.help ? ` (${finding.help})` : "")),
  );

// The position of a finding: a button that goes there, if it is in one of the texts.
export function place(position) {
  const found = position.match(/^(policy|override):(\d+):(\d+)$/);
  if (!found) return ticked(position);
  const [, kind, line, column] = found;
  const lead = { click: () => goTo(kind, Number(line), Number(column)) };
  return element("button", { type: "button", class: "link", on: lead }, say("line", { line }));
}

function goTo(kind, line, column) {
  const area = byId(`${kind}-text`);
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1) + column - 1;
  area.focus();
  area.setSelectionRange(start, start - column + 1 + (lines[line - 1] ?? "").length);
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, line - 4);
}
