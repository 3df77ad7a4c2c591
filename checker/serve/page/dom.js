// Elements, and texts in them. Nothing here, or anywhere, makes markup of a text.

export const byId = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (typeof value === "boolean") made[name] = value;
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((each) => each !== null));
  return made;
}

// What would hide, or turn the rest round, is shown by its number.
const UNSEEN = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
export const visible = (text) =>
  String(text).replace(UNSEEN, (found) => `\\u${found.charCodeAt().toString(16).padStart(4, "0")}`);

export const code = (text) => element("code", { translate: "no" }, visible(text));
export const verbatim = (text) => element("bdi", { translate: "no" }, visible(text));

// A message, with what stands in backticks as code.
export function ticked(message) {
  const parts = message.split("`").map((part, at) => (at % 2 ? code(part) : visible(part)));
  return element("bdi", { translate: "no", lang: "en" }, ...parts);
}

export const list = (items, attributes = { class: "plain" }) =>
  element("ul", attributes, ...items.map((each) => element("li", {}, each)));

export function row(head, ...cells) {
  const cell = (each) => element("td", {}, each);
  return element("tr", {}, element("th", { scope: "row" }, head), ...cells.map(cell));
}
