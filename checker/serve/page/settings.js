// The settings of the override: sliders and boxes that stop at the proved limits.

import { byId, code, element, ticked, verbatim } from "./dom.js";
import { inLanguage, say, said } from "./words.js";
import { isIn, reader, stops, writer } from "./stops.js";

let stopped = ""; // the setting whose slider was pushed beyond its limit

// Shows each setting of the form with its limit, or why there is none yet. `set` is called with the
// name and the new value.
export function showSettings(form, limits, set) {
  const focused = document.activeElement?.closest("#sliders") ? document.activeElement.id : "";
  byId("limiting").replaceChildren(...limiting(limits));
  const made = form.settings.map((each) => setting(each, limits.settings?.[each.name] ?? null, set));
  if (!made.length && limits.settings) made.push(element("p", { class: "note" }, say("settings.none")));
  byId("sliders").replaceChildren(...made);
  if (focused) byId(focused)?.focus();
}

function limiting({ settings, trouble }) {
  if (settings) return [];
  return [trouble === undefined ? say("settings.going") : say("settings.trouble", { detail: ticked(trouble) })];
}

function setting(each, limit, set) {
  const title = inLanguage(each.title);
  const name = [title ? verbatim(title) : null, " ", code(each.name)].filter(Boolean);
  const show = each.type === "set" ? members : ["boolean", "choice"].includes(each.type) ? choice : slider;
  return show(each, limit, (value) => set(each.name, value), name);
}

const current = (each) => each.value ?? each.default;

function allowedWords(each, limit) {
  if (!limit) return "";
  if (!limit.allowed.length) return say("settings.nothing");
  const every = each.values.length === limit.allowed.length && each.values.length > 0;
  const words = limit.allowed.map((one) => (Array.isArray(one) ? interval(...one) : valueWords(each, String(one))));
  const allowed = every ? say("range.any") : element("span", {}, ...words.flatMap((one, at) => (at ? [", ", one] : [one])));
  const unit = inLanguage(each.unit);
  return say("settings.allowed", { allowed: unit ? element("span", {}, allowed, ` (${unit})`) : allowed });
}

function valueWords(each, value) {
  const title = inLanguage(each.values.find((one) => one.value === value)?.title ?? null);
  if (title || each.type !== "boolean") return title || value;
  return said(value === "true" ? "fact.yes" : "fact.no");
}

function interval(low, high) {
  if (low === high) return String(low);
  const key = high === null ? (low === null ? "any" : "up") : low === null ? "down" : "";
  return say(key ? `range.${key}` : "range", { low, high });
}

const shownValue = (each, value) =>
  each.value === null && value === each.default ? said("settings.default", { value }) : String(value);

function slider(each, limit, set, name) {
  const [read, write] = [reader(each.type), writer(each.type)];
  const allowed = (limit?.allowed ?? []).map((ends) => ends.map((end) => (end === null ? null : read(end))));
  const all = stops(each.range?.map(read) ?? null, allowed, read(each.default), read(current(each)), each.type);
  const passes = (at) => isIn(all[at], allowed);
  const here = all.indexOf(read(current(each)));
  let stands = here;
  const shown = element("output", { class: each.value === null ? "" : "own" }, shownValue(each, current(each)));
  const says = (value) => {
    made.setAttribute("aria-valuetext", value);
    shown.textContent = value;
    shown.className = "own";
    set(value);
  };
  const stop = element("strong", { role: "status", class: "stop" }, stopped === each.name ? say("settings.stopped") : "");
  const moved = () => {
    const wanted = Number(made.value);
    const at = nearest(wanted, passes, all.length);
    made.value = at;
    if (at !== stands) says(write(all[at]));
    stands = at;
    stopped = at === wanted ? "" : each.name;
    stop.replaceChildren(stopped ? say("settings.stopped") : "");
  };
  const id = `setting-${each.name}`;
  const made = element("input", {
    type: "range", id, min: 0, max: all.length - 1, step: 1, "aria-describedby": `${id}-hint`,
    "aria-valuetext": shown.textContent, disabled: !allowed.length, on: { input: moved },
  });
  made.value = here;
  const track = element("span", { class: "track" }, made);
  track.style.setProperty("--allowed", bar(all, passes));
  const outside = limit && allowed.length && !passes(here) ? element("strong", { class: "error" }, say("settings.outside"), " ") : null;
  const hint = element("span", { id: `${id}-hint` }, ...[outside, allowedWords(each, limit)].filter(Boolean));
  const note = element("span", { class: "note" }, hint, " ", stop);
  return element("div", { class: "setting" }, element("label", { for: id }, ...name), shown, track, note);
}

// The index of the stop that passes and is nearest to the wanted one.
function nearest(wanted, passes, count) {
  for (let away = 0; away < count; away += 1) {
    for (const at of [wanted - away, wanted + away]) if (at >= 0 && at < count && passes(at)) return at;
  }
  return wanted;
}

// The track as a gradient: the values that pass in one colour, the others in another.
function bar(all, passes) {
  const percent = (at) => `${((100 * at) / Math.max(1, all.length - 1)).toFixed(2)}%`;
  const colour = (at) => (passes(at) ? "var(--bar)" : "var(--rule)");
  const parts = all.map((_, at) => `${colour(at)} ${percent(at - 0.5)} ${percent(at + 0.5)}`);
  return `linear-gradient(to right, ${parts.join(", ")})`;
}

function choice(each, limit, set, name) {
  const id = `setting-${each.name}`;
  const passes = (value) => !limit || limit.allowed.map(String).includes(value);
  const read = (value) => (each.type === "boolean" ? value === "true" : value);
  const made = element("select", { id, on: { change: () => set(read(made.value)) }, "aria-describedby": `${id}-hint` });
  for (const { value } of each.values) {
    const selected = value === String(current(each));
    made.append(element("option", { value, selected, disabled: !passes(value) && !selected }, valueWords(each, value)));
  }
  const hint = element("span", { class: "note", id: `${id}-hint` }, allowedWords(each, limit));
  return element("div", { class: "setting" }, element("label", { for: id }, ...name), made, hint);
}

function members(each, limit, set, name) {
  const have = new Set(current(each));
  const boxes = each.values.map(({ value }) => {
    const [must, never] = [limit?.must.includes(value), limit?.never.includes(value)];
    const settled = have.has(value) ? must : never; // a member that fails can still be changed
    const toggled = () => set(each.values.map((one) => one.value).filter((one) => have.has(one) !== (one === value)));
    const id = `setting-${each.name}-${value}`;
    const box = element("input", { type: "checkbox", id, checked: have.has(value), disabled: Boolean(settled), on: { change: toggled } });
    const fate = must || never ? element("span", { class: "note" }, " ", say(`settings.${must ? "must" : "never"}`)) : null;
    return element("label", {}, box, " ", valueWords(each, value), fate);
  });
  return element("fieldset", { class: "setting" }, element("legend", {}, ...name), element("span", { class: "choices" }, ...boxes));
}
