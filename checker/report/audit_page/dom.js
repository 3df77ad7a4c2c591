// Elements, and texts in both languages side by side; the style sheet shows one of them. No text
// is ever parsed as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const LANGUAGES = ["en", "zh"];
const titles = new Map(Object.entries(data.titles));
const gists = new Map(Object.entries(data.gists));

const byId = (id) => document.getElementById(id);

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Control characters and marks of direction are shown by their numbers.
const UNSEEN = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const visible = (text) => text.replace(UNSEEN, (match) => `\\u${match.charCodeAt().toString(16).padStart(4, "0")}`);

const code = (text) => element("code", { translate: "no" }, visible(text));
const verbatim = (text) => element("bdi", { translate: "no" }, visible(text));
const list = (items) => element("ul", { class: "plain" }, ...items.map((item) => element("li", {}, item)));

// A value is a text, a number, a node, or a pair of them: English, Chinese.
function side(value, language) {
  const chosen = Array.isArray(value) ? value[language] : value;
  return chosen instanceof Node ? chosen.cloneNode(true) : String(chosen);
}

function both(pair) {
  const fragment = document.createDocumentFragment();
  LANGUAGES.forEach((lang, language) => fragment.append(element("span", { lang }, side(pair, language))));
  return fragment;
}

function phrase(key, values = {}) {
  return LANGUAGES.map((_, language) => {
    const fragment = document.createDocumentFragment();
    for (const part of data.words[key][language].split(/(\{\w+\})/)) {
      fragment.append(part.startsWith("{") ? side(values[part.slice(1, -1)], language) : part);
    }
    return fragment;
  });
}

const t = (key, values) => both(phrase(key, values));

const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

function percent(rate) {
  const [integer, fraction = ""] = rate.split(".");
  const digits = String(Number(integer + fraction.padEnd(4, "0").slice(0, 4))).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}%`;
}

function counted(value, noun) {
  const [singular, plural, chinese] = data.counted[noun];
  return [`${number(value)} ${value === 1 ? singular : plural}`, `${number(value)} ${chinese}`];
}

function duration(minutes) {
  return LANGUAGES.map((_, language) => {
    const parts = [];
    let rest = minutes;
    for (const [length, ...unit] of data.units) {
      const count = Math.floor(rest / length);
      rest -= count * length;
      if (count) parts.push(`${count} ${unit[language]}`);
    }
    return parts.join(" ") || "0";
  });
}

// A text for people is a string or a map of languages.
function text(stated) {
  if (typeof stated === "string") return verbatim(stated);
  const [first, ...more] = Object.values(stated);
  return more.length ? both([stated.en, stated.zh]) : verbatim(first);
}

function joined(nodes, between) {
  const fragment = document.createDocumentFragment();
  nodes.forEach((node, index) => fragment.append(...(index ? [between, node] : [node])));
  return fragment;
}

const codes = (names) => joined(names.map(code), ", ");
const named = (id) => (titles.has(id) ? joined([text(titles.get(id)), code(id)], " ") : code(id));

function check(name) {
  const [kind, term] = name.split(/:(.*)/s);
  if (!Object.hasOwn(data.words, `check.${kind}`)) return code(name);
  const label = phrase(`check.${kind}`);
  return term ? t("check.term", { check: label, term: named(term) }) : both(label);
}

// A name of blanks alone is shown in quotes.
const shownName = (name) => (name.trim() ? name : JSON.stringify(name));
const hashOf = (name) => `#seller=${encodeURIComponent(name)}`;
const sellerLink = (name) => element("a", { href: hashOf(name) }, verbatim(shownName(name)));

const SHOW = {
  seller: (value) => sellerLink(value),
  number: (value) => number(value),
  rate: (value) => percent(value),
  rung: (value) => (titles.has(value) ? text(titles.get(value)) : code(value)),
  boolean: (value) => t(value ? "yes" : "no"),
  checks: (value) => list(value.split("|").map(check)),
  limits: (value) => list(value.split(" ; ").map(code)),
};
const shown = (kind, value) => (value === null || value === "" ? "–" : SHOW[kind](value));
