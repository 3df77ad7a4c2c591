// Languages, routes and printing; then the page opens. `#seller=<name>` is a seller's view.

let language = "en";
let left = null; // the link that left the overview, and the scroll position

function remembered(chosen) {
  try {
    if (chosen) localStorage.setItem("checker-language", chosen);
    return localStorage.getItem("checker-language");
  } catch {
    return null; // files may have no storage
  }
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  retitle();
}

function retitle() {
  const title = data.words[data.audit][LANGUAGES.indexOf(language)];
  const name = opened();
  document.title = name === null ? title : `${visible(shownName(name))} · ${title}`;
}

const opened = () => new URLSearchParams(location.hash.slice(1)).get("seller");

function route() {
  const name = opened();
  const wasOpen = !byId("view").hidden;
  byId("overview").hidden = name !== null;
  byId("view").hidden = name === null;
  retitle();
  if (name !== null) {
    showSeller(name);
    window.scrollTo(0, 0);
    byId("view-heading").focus();
  } else if (wasOpen) {
    byId("record").replaceChildren();
    byId("cases").replaceChildren();
    comeBack();
  }
}

// Restore the focus in the overview, else go to the address's fragment.
function comeBack() {
  if (left?.link.isConnected) {
    window.scrollTo(0, left.top);
    left.link.focus({ preventScroll: true });
  } else {
    byId(location.hash.slice(1) || "main")?.scrollIntoView();
    byId("main").focus({ preventScroll: true });
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#overview a[href^='#seller=']");
  if (link) left = { link, top: window.scrollY };
  if (event.target.closest(".skip")) {
    event.preventDefault(); // the address stays that of the view
    byId("main").focus();
  }
});
byId("language").addEventListener("click", () => {
  const chosen = language === "en" ? "zh" : "en";
  remembered(chosen);
  speak(chosen);
});
window.addEventListener("hashchange", route);

// Printing opens the digests and closes them afterwards.
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details.printed:not([open])")];
  for (const details of closed) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
});

byId("language").hidden = false;
speak(remembered() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"));
openTable();
route();
