// What the user does: choose and edit documents, fill in cases, change the language.

import { ask } from "./api.js";
import { decide, edited, putNothing, putUsual, reached, showAgain } from "./state.js";
import { byId } from "./dom.js";
import * as editors from "./editors.js";
import { firstLanguage, otherLanguage, speak } from "./words.js";

let choices = 0; // how many documents were chosen

// A chosen override brings its policy, a chosen policy a new override, unless the override was
// edited.
async function opened(kind) {
  choices += 1;
  const choice = choices;
  const answer = await editors.open(kind);
  if (choice !== choices) return; // another document was chosen since; it opens the other text itself
  if (!reached(answer)) return edited();
  if (kind === "override") {
    const policy = await policyOf(editors.text("override"));
    if (choice !== choices) return; // another document was chosen since
    if (policy && policy !== editors.chosen("policy")) await editors.choose("policy", policy);
  } else if (editors.text("override") && !editors.isEdited("override")) {
    await editors.choose("override", "new");
  }
  byId("on").value = "";
  edited();
}

async function policyOf(override) {
  const answer = await ask("policy-of", "form", { override: { text: override } });
  return reached(answer) && answer.data.policy;
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
  const sellers = [...byId("override-name").options].map((option) => option.value);
  if (sellers.length > 2) {
    byId("override-name").value = sellers[2];
    await opened("override");
  } else if (byId("policy-name").value) {
    await editors.open("policy");
    await editors.choose("override", "new");
    edited();
  }
}
