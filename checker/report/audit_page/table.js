// The table of sellers: search, order and pages. It holds rows, and draws one page of them.

const PER_PAGE = 50;
const collator = new Intl.Collator(undefined, { numeric: true });
const SEARCHED = new Set(["seller", "rung", "checks", "limits"]);
const folded = (value) => value.normalize("NFKC").toLowerCase();

const rows = data.sellers.map((values) => ({
  values,
  searched: folded(values.filter((value, at) => value && SEARCHED.has(data.columns[at][1])).join("\n")),
}));
// Without a sorting column, rows keep their order: most findings first.
const table = { matches: rows, page: 0, column: null, descending: false };

const ORDER = {
  number: (value) => value,
  rate: (value) => Number(value),
  boolean: (value) => Number(value),
  rung: (value) => -data.rungs.indexOf(value),
};

function sorted(matches) {
  if (table.column === null) return matches;
  const [, kind] = data.columns[table.column];
  const key = ORDER[kind];
  const compare = key ? (a, b) => key(a) - key(b) : (a, b) => collator.compare(a, b);
  const absent = (value) => value === null || value === "";
  return [...matches].sort((left, right) => {
    const [a, b] = [left.values[table.column], right.values[table.column]];
    if (absent(a) || absent(b)) return absent(a) - absent(b); // last, whatever the direction
    return table.descending ? compare(b, a) : compare(a, b);
  });
}

function find() {
  const query = folded(byId("search").value.trim());
  table.matches = sorted(query ? rows.filter((row) => row.searched.includes(query)) : rows);
  table.page = 0;
  draw();
}

function row({ values }) {
  const cells = values.map((value, at) => {
    const [, kind] = data.columns[at];
    if (kind === "seller") return element("th", { scope: "row" }, SHOW.seller(value ?? ""));
    return element("td", { class: kind }, shown(kind, value));
  });
  return element("tr", {}, ...cells);
}

const pages = () => Math.max(Math.ceil(table.matches.length / PER_PAGE), 1);

function draw() {
  const start = table.page * PER_PAGE;
  const drawn = table.matches.slice(start, start + PER_PAGE);
  byId("table").tBodies[0].replaceChildren(...drawn.map(row));
  const range = { from: number(start + 1), to: number(start + drawn.length), sellers: counted(table.matches.length, "seller") };
  byId("shown").replaceChildren(drawn.length ? t("shown", range) : t("shown.none"));
  byId("page").replaceChildren(t("page", { page: number(table.page + 1), pages: number(pages()) }));
  for (const [id, target] of Object.entries(targets())) {
    byId(id).setAttribute("aria-disabled", String(target === table.page)); // it keeps the focus
  }
}

function targets() {
  const end = pages() - 1;
  return { first: 0, previous: Math.max(table.page - 1, 0), next: Math.min(table.page + 1, end), last: end };
}

function turn(id) {
  const target = targets()[id];
  if (target === table.page) return;
  table.page = target;
  draw();
}

// First click: highest numbers first, names from A. Second: reversed. Third: the original order.
function sortBy(column) {
  const first = data.columns[column][1] !== "seller" && data.columns[column][1] !== "limits";
  if (table.column !== column) [table.column, table.descending] = [column, first];
  else if (table.descending === first) table.descending = !first;
  else table.column = null;
  const heads = byId("table").tHead.rows[0].cells;
  [...heads].forEach((head, at) => {
    const order = table.descending ? "descending" : "ascending";
    head.setAttribute("aria-sort", at === table.column ? order : "none");
  });
  find();
}

function openTable() {
  [...byId("table").tHead.rows[0].cells].forEach((head, at) => {
    head.firstElementChild.addEventListener("click", () => sortBy(at));
  });
  Object.keys(targets()).forEach((id) => byId(id).addEventListener("click", () => turn(id)));
  byId("search").addEventListener("input", find);
  find();
  byId("browse").hidden = false;
}
