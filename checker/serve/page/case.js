// The case: a field for each fact of the vocabulary, any of which may be unknown.

import { byId, code, element, verbatim } from "./dom.js";
import { inLanguage, say } from "./words.js";

// Shows a field for each fact. `facts` holds the known values by name, and the fields change it.
export function showFields(form, facts, changed) {
  const set = (name, value) => {
    if (value === "") delete facts[name];
    else facts[name] = value;
    changed();
  };
  const fields = (decisive) =>
    form.facts
      .filter((fact) => fact.decisive === decisive)
      .map((fact) => field(fact, facts[fact.name] ?? "", set));
  const moments = fields(false);
  const wasOpen = byId("facts").querySelector("details")?.open ?? false;
  const more = element("details", { open: wasOpen }, element("summary", {}, say("moments")), element("div", { class: "fields" }, ...moments));
  const main = element("div", { class: "fields" }, ...fields(true));
  byId("facts").replaceChildren(main, ...(moments.length ? [more] : []));
}

function field(fact, value, set) {
  const id = `fact-${fact.name}`;
  const name = [inLanguage(fact.title) ? verbatim(inLanguage(fact.title)) : null, " ", code(fact.name)];
  if (fact.type === "boolean") {
    const legend = element("legend", {}, ...name.filter(Boolean));
    return element("fieldset", { class: "fact", id }, legend, choices(fact, value, set));
  }
  const control = fact.type === "enum" ? select(fact, value, set) : input(fact, value, set);
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-hint`);
  const hint = element("span", { class: "note", id: `${id}-hint` }, ...hints(fact));
  return element("div", { class: "fact" }, element("label", { for: id }, ...name.filter(Boolean)), control, hint);
}

function choices(fact, value, set) {
  const radios = element("span", { class: "choices" });
  for (const [stated, key] of [["", "unknown"], [true, "yes"], [false, "no"]]) {
    const on = { change: () => set(fact.name, stated) };
    const radio = element("input", { type: "radio", name: fact.name, checked: stated === value, on });
    radios.append(element("label", {}, radio, " ", say(`fact.${key}`)));
  }
  return radios;
}

function select(fact, value, set) {
  const list = element("select", { on: { change: () => set(fact.name, list.value) } });
  list.append(element("option", { value: "" }, say("fact.unknown")));
  for (const option of fact.values) {
    const title = inLanguage(option.title);
    const shown = title && title !== option.value ? `${title} (${option.value})` : option.value;
    list.append(element("option", { value: option.value, selected: option.value === value }, shown));
  }
  return list;
}

const INPUTS = {
  integer: { type: "number", step: "1" },
  money: { type: "number", step: "0.01" },
  date: { type: "date" },
  datetime: { type: "text" },
};

function input(fact, value, set) {
  const [min, max] = fact.range ?? [null, null];
  const read = () => {
    const isInteger = fact.type === "integer" && /^-?\d{1,15}$/.test(control.value);
    set(fact.name, isInteger ? Number(control.value) : control.value);
  };
  const control = element("input", { ...INPUTS[fact.type], min, max, on: { input: read } });
  control.value = value;
  return control;
}

function hints(fact) {
  const parts = [];
  if (fact.type === "datetime") parts.push(code("2024-08-19T09:26:01+08:00"));
  else if (fact.range && fact.type !== "date") {
    const [low, high] = fact.range;
    parts.push(say("range", { low, high }), ` ${fact.currency ?? inLanguage(fact.unit)}`);
  }
  if (fact.derived.length) {
    const [from, to] = fact.derived.map(code);
    parts.push(parts.length ? "; " : "", say("fact.derived", { from, to }));
  }
  return parts;
}

// Marks the fields of the facts that would settle an unknown verdict.
export function showNeeded(needs) {
  for (const field of document.querySelectorAll("#facts .needed")) field.classList.remove("needed");
  for (const name of needs) byId(`fact-${name}`)?.closest(".fact").classList.add("needed");
}

export function goToFact(name) {
  const field = byId(`fact-${name}`);
  const details = field?.closest("details");
  if (details) details.open = true;
  (field?.querySelector("input:checked") ?? field)?.focus();
}

// The usual case: the typical values of the facts that conditions test.
export const usual = (form) =>
  Object.fromEntries(form.facts.filter((fact) => fact.decisive).map((fact) => [fact.name, fact.typical]));
