// The case: a field for each fact of the vocabulary, any of which may be unknown.

import { byId, code, element, verbatim } from "./dom.js";
import { inLanguage, say } from "./words.js";

// Shows a field for each fact; `facts` are those that are known, by name, and change with them.
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
  const made = element("span", { class: "choices" });
  for (const [stated, key] of [["", "unknown"], [true, "yes"], [false, "no"]]) {
    const on = { change: () => set(fact.name, stated) };
    const radio = element("input", { type: "radio", name: fact.name, checked: stated === value, on });
    made.append(element("label", {}, radio, " ", say(`fact.${key}`)));
  }
  return made;
}

function select(fact, value, set) {
  const made = element("select", { on: { change: () => set(fact.name, made.value) } });
  made.append(element("option", { value: "" }, say("fact.unknown")));
  for (const each of fact.values) {
    const title = inLanguage(each.title);
    const shown = title && title !== each.value ? `${title} (${each.value})` : each.value;
    made.append(element("option", { value: each.value, selected: each.value === value }, shown));
  }
  return made;
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
    const whole = fact.type === "integer" && /^-?\d{1,15}$/.test(made.value);
    set(fact.name, whole ? Number(made.value) : made.value);
  };
  const made = element("input", { ...INPUTS[fact.type], min, max, on: { input: read } });
  made.value = value;
  return made;
}

function hints(fact) {
  const found = [];
  if (fact.type === "datetime") found.push(code("2024-08-19T09:26:01+08:00"));
  else if (fact.range && fact.type !== "date") {
    const [low, high] = fact.range;
    found.push(say("range", { low, high }), ` ${fact.currency ?? inLanguage(fact.unit)}`);
  }
  if (fact.derived.length) {
    const [from, to] = fact.derived.map(code);
    found.push(found.length ? "; " : "", say("fact.derived", { from, to }));
  }
  return found;
}

// Marks the fields of the facts that would settle what is unknown.
export function showNeeded(needs) {
  for (const each of document.querySelectorAll("#facts .needed")) each.classList.remove("needed");
  for (const name of needs) byId(`fact-${name}`)?.closest(".fact").classList.add("needed");
}

export function goToFact(name) {
  const found = byId(`fact-${name}`);
  const folded = found?.closest("details");
  if (folded) folded.open = true;
  (found?.querySelector("input:checked") ?? found)?.focus();
}

// The usual case: what conditions can look at, as it mostly is.
export const usual = (form) =>
  Object.fromEntries(form.facts.filter((each) => each.decisive).map((each) => [each.name, each.typical]));
