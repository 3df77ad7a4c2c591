// The texts of the page in English and Chinese. `{name}` stands for a value, also an element.

const WORDS = {
  title: ["Playground", "试验台"],
  lede: ["Change a policy or a seller's override, and see what it decides and what is proved of it.", "修改政策或商家规则，即时查看判定与证明结果。"],
  skip: ["Skip to the content", "跳到正文"],
  footer: ["What is edited lives in this page alone: no file is ever written.", "编辑内容只存在于本页面，不会写入任何文件。"],
  trouble: ["The server does not answer. What you typed is still here.", "服务器没有响应。您输入的内容仍在此处。"],
  policy: ["Policy", "政策"],
  override: ["Override", "商家规则"],
  "policy.text": ["Text of the policy", "政策文本"],
  "override.text": ["Text of the override", "商家规则文本"],
  document: ["Document", "文件"],
  "document.none": ["none", "无"],
  "document.new": ["a new one", "新建"],
  revert: ["Undo all edits", "撤销全部修改"],
  line: ["line {line}", "第 {line} 行"],
  error: ["error", "错误"],
  warning: ["warning", "警告"],
  accepted: ["accepted", "已接受"],
  "problems.none": ["No mistakes.", "没有错误。"],
  proof: ["Proof", "证明"],
  "proof.going": ["Proving for every possible case …", "正在对所有可能的情形进行证明……"],
  "proof.waits": ["Proofs wait for documents without mistakes.", "文件没有错误后才进行证明。"],
  "proof.done": ["Proved for every possible case.", "已对所有可能的情形完成证明。"],
  "proof.none": ["Not proved: {detail}", "未能证明：{detail}"],
  "proof.holds": ["{document} holds against {against}.", "{document} 符合 {against}。"],
  "proof.fails": ["{document} fails against {against}.", "{document} 不符合 {against}。"],
  "proof.case": ["The plainest such case:", "最简单的此类情形："],
  "proof.usual": ["The usual case shows it.", "通常的情形即可说明。"],
  "proof.fill": ["Fill in this case", "填入此情形"],
  settings: ["Settings", "设置"],
  "settings.note": ["Each slider stops where the proof says, for a seller who changes this setting alone. Changed together, the proof decides.", "每个滑块停在证明给出的界限处（仅改动该项设置时）。同时改动多项时，以证明结果为准。"],
  "settings.none": ["The policy has nothing that sellers may set.", "该政策没有商家可设置的项目。"],
  "settings.going": ["Proving the limits …", "正在证明界限……"],
  "settings.trouble": ["The limits could not be proved: {detail}", "未能证明界限：{detail}"],
  "settings.default": ["{value}, as the policy says", "{value}（政策默认）"],
  "settings.stopped": ["It stops here: what lies beyond fails a proof.", "到此为止：超出的取值无法通过证明。"],
  "settings.allowed": ["passes: {allowed}", "可通过：{allowed}"],
  "settings.outside": ["Outside of what passes.", "超出可通过的范围。"],
  "settings.nothing": ["No value passes.", "没有可通过的取值。"],
  "settings.must": ["must be there", "必须包含"],
  "settings.never": ["must not be there", "不得包含"],
  "range": ["{low} to {high}", "{low} 至 {high}"],
  "range.up": ["{low} or more", "不低于 {low}"],
  "range.down": ["up to {high}", "不高于 {high}"],
  "range.any": ["any", "任意"],
  case: ["A case", "情形"],
  usual: ["The usual case", "通常的情形"],
  unknown: ["Nothing known", "全部未知"],
  on: ["Versions in force on", "适用版本日期"],
  "fact.unknown": ["unknown", "未知"],
  "fact.yes": ["yes", "是"],
  "fact.no": ["no", "否"],
  "fact.derived": ["counted from {from} to {to} where these are known", "若已知，由 {from} 至 {to} 计算"],
  moments: ["Days and moments", "日期与时刻"],
  decision: ["Decision", "判定"],
  "decision.none": ["Choose a policy, and the case is decided as you fill it in.", "选择政策后，填写情形即可得到判定。"],
  "decision.bad": ["This case can't be decided: {error}", "无法判定此情形：{error}"],
  "verdict.must_accept": ["must be accepted", "必须接受"],
  "verdict.may_reject": ["may be rejected", "可以拒绝"],
  "verdict.negotiate": ["to be negotiated", "由双方协商"],
  "verdict.unknown": ["not known yet", "尚不确定"],
  "verdict.by": ["by {policy}", "依据 {policy}"],
  owed: ["What the buyer is owed", "买家享有的权利"],
  grounds: ["Grounds to refuse that hold", "成立的拒绝理由"],
  needs: ["What would settle it", "还需要的事实"],
  seller: ["The seller", "商家"],
  "response.accept": ["accepts", "接受"],
  "response.reject": ["refuses", "拒绝"],
  "response.manual": ["leaves it to a person", "转人工处理"],
  "response.unknown": ["answers by facts that are not known", "取决于未知事实"],
  "response.rule": ["{response}, by the rule {rule}", "{response}（规则 {rule}）"],
  "response.cites": ["{response}, citing {cites}", "{response}，理由 {cites}"],
  findings: ["What this case shows", "此情形显示的问题"],
  terms: ["Terms", "条件"],
  "terms.term": ["Term", "条件"],
  "terms.required": ["Required", "要求"],
  "terms.offered": ["Offered", "商家提供"],
  "check.rejects-required-return": ["refuses a return that must be accepted", "拒绝了必须接受的退货"],
  "check.rejects-without-ground": ["refuses without a ground that holds", "拒绝但没有成立的理由"],
  "check.worse-term": ["a term worse than required", "条件差于要求"],
  "check.defers-required-return": ["leaves to a person what must be accepted", "将必须接受的退货转人工"],
  "check.dead-rule": ["a rule that never answers", "从不适用的规则"],
  "check.undercuts": ["gives less than what it upholds", "低于其遵循的规定"],
  "check.gap": ["cases that nothing covers", "存在未覆盖的情形"],
  "check.dead-entitlement": ["an entitlement that is never owed", "从不成立的权利"],
  "check.dead-ground": ["a ground that never holds", "从不成立的理由"],
  "check.dead-row": ["a row that is never reached", "从不适用的行"],
  "check.redundant-unless": ["an exception that changes nothing", "不起作用的例外"],
  "check.impossible-vocabulary": ["no case is possible", "不存在可能的情形"],
  "check.stale-acceptance": ["accepts a finding that there is not", "接受了不存在的问题"],
  "check.undecided": ["can't be decided", "无法判定"],
};
export const LANGUAGES = ["en", "zh"];
const KEPT = "checker-language";
let language = 0;

export const known = (key) => Object.hasOwn(WORDS, key);

// The words of `key`, with the values put in, as nodes.
export function say(key, values = {}) {
  const made = document.createDocumentFragment();
  for (const part of WORDS[key][language].split(/(\{\w+\})/)) {
    const value = part.startsWith("{") ? values[part.slice(1, -1)] : part;
    made.append(value instanceof Node ? value : String(value));
  }
  return made;
}

export const said = (key, values) => say(key, values).textContent;

// A text of a document is a string, a map of languages, or null.
export function inLanguage(text) {
  if (text === null || typeof text !== "object") return text ?? "";
  return text[LANGUAGES[language]] ?? Object.values(text).find(Boolean) ?? "";
}

export function speak(chosen) {
  language = LANGUAGES.indexOf(chosen);
  document.documentElement.lang = chosen;
  document.title = `${said("title")} · returns-checker`;
  for (const each of document.querySelectorAll("[data-say]")) each.replaceChildren(say(each.dataset.say));
  const other = document.getElementById("language");
  [other.lang, other.textContent] = language ? ["en", "English"] : ["zh", "中文"];
}

export function firstLanguage() {
  const kept = remembered();
  return LANGUAGES.includes(kept) ? kept : navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function otherLanguage() {
  const chosen = LANGUAGES[1 - language];
  remembered(chosen);
  return chosen;
}

function remembered(chosen) {
  try {
    if (chosen) localStorage.setItem(KEPT, chosen);
    return localStorage.getItem(KEPT);
  } catch {
    return null; // there may be no storage
  }
}
