// Elements, and texts in them. No text is ever read as markup, here or elsewhere.

export const byId = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (typeof value === "boolean") node[name] = value;
    else if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

// Characters that are invisible or reverse the text are shown as code points.
const UNSEEN = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
export const visible = (text) =>
  String(text).replace(UNSEEN, (char) => `\\u${char.charCodeAt().toString(16).padStart(4, "0")}`);

export const code = (text) => element("code", { translate: "no" }, visible(text));
export const verbatim = (text) => element("bdi", { translate: "no" }, visible(text));

// A message, with what is in backticks as code.
export function ticked(message) {
  const parts = message.split("`").map((part, index) => (index % 2 ? code(part) : visible(part)));
  return element("bdi", { translate: "no", lang: "en" }, ...parts);
}

export const list = (items, attributes = { class: "plain" }) =>
  element("ul", attributes, ...items.map((item) => element("li", {}, item)));

export function row(head, ...cells) {
  const cell = (content) => element("td", {}, content);
  return element("tr", {}, element("th", { scope: "row" }, head), ...cells.map(cell));
}
