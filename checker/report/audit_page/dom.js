// What the rest builds with: elements, and words in both languages side by side, of which the
// style sheet shows one. Nothing here, or anywhere, makes markup of a text.

const data = JSON.parse(document.getElementById("data").textContent);
const LANGUAGES = ["en", "zh"];
const titles = new Map(Object.entries(data.titles));
const gists = new Map(Object.entries(data.gists));

const byId = (id) => document.getElementById(id);

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// What would hide, or turn the rest round, is shown by its number.
const UNSEEN = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const visible = (text) => text.replace(UNSEEN, (found) => `\\u${found.charCodeAt().toString(16).padStart(4, "0")}`);

const code = (text) => element("code", { translate: "no" }, visible(text));
const verbatim = (text) => element("bdi", { translate: "no" }, visible(text));
const list = (items) => element("ul", { class: "plain" }, ...items.map((each) => element("li", {}, each)));

// A value is a text, a number, a node, or a pair of them: English, Chinese.
function side(value, language) {
  const chosen = Array.isArray(value) ? value[language] : value;
  return chosen instanceof Node ? chosen.cloneNode(true) : String(chosen);
}

function both(pair) {
  const made = document.createDocumentFragment();
  LANGUAGES.forEach((lang, language) => made.append(element("span", { lang }, side(pair, language))));
  return made;
}

function phrase(key, values = {}) {
  return LANGUAGES.map((_, language) => {
    const made = document.createDocumentFragment();
    for (const part of data.words[key][language].split(/(\{\w+\})/)) {
      made.append(part.startsWith("{") ? side(values[part.slice(1, -1)], language) : part);
    }
    return made;
  });
}

const t = (key, values) => both(phrase(key, values));

const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

function percent(rate) {
  const [whole, places = ""] = rate.split(".");
  const digits = String(Number(whole + places.padEnd(4, "0").slice(0, 4))).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}%`;
}

function counted(value, noun) {
  const [one, many, chinese] = data.counted[noun];
  return [`${number(value)} ${value === 1 ? one : many}`, `${number(value)} ${chinese}`];
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
  const made = document.createDocumentFragment();
  nodes.forEach((each, place) => made.append(...(place ? [between, each] : [each])));
  return made;
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
