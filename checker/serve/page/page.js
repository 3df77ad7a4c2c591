// What a hand does: documents are chosen and edited, cases filled in, the language changed.

import { ask } from "./api.js";
import { decide, edited, putNothing, putUsual, reached, showAgain } from "./state.js";
import { byId } from "./dom.js";
import * as editors from "./editors.js";
import { firstLanguage, otherLanguage, speak } from "./words.js";

let opening = 0; // counts what was chosen

// A policy is tried with a seller who answers under it, a seller with the policy it names. What
// was edited stays where it is.
async function opened(kind) {
  opening += 1;
  const mine = opening;
  const answer = await editors.open(kind);
  if (mine !== opening) return; // something else was chosen, which opens what goes with it
  if (!reached(answer)) return edited();
  if (kind === "override") {
    const policy = await policyOf(editors.text("override"));
    if (mine !== opening) return; // something else was chosen
    if (policy && policy !== editors.chosen("policy")) await editors.choose("policy", policy);
  } else if (editors.text("override") && !editors.isEdited("override")) {
    await editors.choose("override", "new");
  }
  byId("on").value = "";
  edited();
}

async function policyOf(override) {
  const found = await ask("policy-of", "form", { override: { text: override } });
  return reached(found) && found.data.policy;
}

function speakAll(language) {
  speak(language);
  editors.showNames();
  showAgain();
}

for (const kind of editors.KINDS) {
  byId(`${kind}-text`).addEventListener("input", () => (editors.showEdited(kind), edited()));
  byId(`${kind}-name`).addEventListener("change", () => opened(kind));
  byId(`${kind}-revert`).addEventListener("click", () => (editors.revert(kind), edited()));
}
byId("usual").addEventListener("click", putUsual);
byId("unknown").addEventListener("click", putNothing);
byId("on").addEventListener("change", decide);
byId("facts").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("beforeunload", (event) => editors.hasEdits() && event.preventDefault());
byId("language").addEventListener("click", () => speakAll(otherLanguage()));

speakAll(firstLanguage());
if (reached(await editors.openNames())) {
  const sellers = [...byId("override-name").options].map((each) => each.value);
  if (sellers.length > 2) {
    byId("override-name").value = sellers[2];
    await opened("override");
  } else if (byId("policy-name").value) {
    await editors.open("policy");
    await editors.choose("override", "new");
    edited();
  }
}
