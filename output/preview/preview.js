"use strict";
// What is chosen on one side shows on the other. The data of a page: the names of blocks, fields and rules,
// selectors with their site files, and for every part [kind, name, selector, characters].
const KINDS = ["block", "field", "removal"];
const [BLOCK, FIELD, REMOVAL] = [0, 1, 2];
const mains = [...document.querySelectorAll("main.page")];
const told = document.getElementById("told");
const picker = document.getElementById("picker");
const ready = new Map();
let page, chosen = [], at = -1, ofSection = false;

function opened(main) {
  const data = JSON.parse(main.querySelector(":scope > script").textContent);
  const pieces = data.parts.map(() => []);
  for (const each of main.querySelectorAll(".original [data-p]")) pieces[each.dataset.p].push(each);
  const shown = data.parts.map((_, number) => number).filter((number) => pieces[number].length);
  return { main, data, pieces, shown };
}

function show(number) {
  clear();
  mains.forEach((main, index) => { main.hidden = index !== number; });
  const main = mains[number];
  if (!ready.has(main)) ready.set(main, opened(main));
  page = ready.get(main);
  picker.selectedIndex = number;
  document.getElementById("title").textContent = main.dataset.title;
  document.title = `${main.dataset.title} · sectionary preview`;
}

const kindOf = (part) => page.data.parts[part][0];
const nameOf = (part) => page.data.names[kindOf(part)][page.data.parts[part][1]];
const sectionOf = (part) => {
  const name = nameOf(part);
  if (kindOf(part) === BLOCK) return Number(name.split(".")[0]);
  return name.startsWith("heading:") ? Number(name.split(":")[1]) : null;
};
const parts = (test) => page.shown.filter(test);

function clear() {
  for (const each of document.querySelectorAll(".on")) each.classList.remove("on", "first");
  told.hidden = true;
  chosen = [];
  at = -1;
}

// Choose a set of parts, and one of them to look at. `from` is the side that needs no scrolling.
function choose(set, index, from, whole = false) {
  clear();
  if (!set.length) return;
  chosen = set;
  at = index;
  for (const part of set) for (const piece of page.pieces[part]) piece.classList.add("on");
  const part = set[index];
  const first = page.pieces[part][0];
  for (const piece of page.pieces[part]) piece.classList.add("first");
  for (const fold of foldsAround(first)) fold.classList.add("open");
  if (from !== "left") into(first);
  ofSection = whole;
  mirror(part, from);
  tell(part);
}

function* foldsAround(node) {
  for (let fold = node.closest(".fold"); fold; fold = fold.parentElement.closest(".fold")) yield fold;
}

// The right side and the ledger.
function mirror(part, from) {
  const { main } = page;
  const mark = (selector) => main.querySelectorAll(selector).forEach((each) => each.classList.add("on"));
  let target = null;
  const section = sectionOf(part);
  if (ofSection) mark(`.record[data-s="${section}"]`);
  else if (kindOf(part) === REMOVAL) mark(`.rules [data-r="${page.data.parts[part][1]}"]`);
  else if (kindOf(part) === FIELD) mark(`.rules [data-f="${CSS.escape(nameOf(part).split(":")[0])}"]`);
  if (section !== null && !ofSection) {
    target = main.querySelector(kindOf(part) === BLOCK ? `[data-b="${nameOf(part)}"]` : `.record[data-s="${section}"]`);
    target?.classList.add("on");
  }
  if (target && from !== "right") into(target);
}

function into(node) {
  node.scrollIntoView({ block: node.offsetHeight > innerHeight / 2 ? "start" : "center", inline: "nearest" });
}

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.append(text, ...children);
  return made;
}

function tell(part) {
  const [kind, group, selector, chars] = page.data.parts[part];
  const facts = element("dl", "");
  const fact = (label, value) => value && facts.append(element("dt", label), element("dd", "", value));
  const section = sectionOf(part);
  const record = section === null ? null : page.main.querySelector(`.record[data-s="${section}"] .crumb`);
  let title = nameOf(part).split(":")[0];
  if (kind === BLOCK) title = page.main.querySelector(`[data-b="${nameOf(part)}"]`)?.dataset.type ?? "text";
  fact("section", record?.textContent);
  const [text, file] = selector === null ? [null, page.data.texts[group]] : page.data.selectors[selector];
  if (text) fact("selector", element("code", text));
  if (kind === REMOVAL) fact("site file", file ?? "none: built in");
  fact("characters", chars.toLocaleString("en"));
  const nav = element("nav", "");
  if (chosen.length > 1) nav.append(step("‹", -1, "Previous"), `${at + 1} of ${chosen.length}`, step("›", 1, "Next"));
  nav.append(Object.assign(element("button", "×"), { type: "button", ariaLabel: "Choose nothing", onclick: clear }));
  if (ofSection) title = page.main.querySelector(`.record[data-s="${section}"] .heading`).textContent;
  const word = ofSection ? "section record:" : ["kept as", "field", "removed by"][kind];
  told.className = kind === REMOVAL ? `told t${group % 12}` : `told ${KINDS[kind]}-part`;
  told.replaceChildren(element("h2", `${word} ${title}`), nav, facts);
  told.hidden = false;
}

function step(sign, by, label) {
  return Object.assign(element("button", sign), { type: "button", ariaLabel: label, onclick: () => walk(by) });
}

function walk(by) {
  if (chosen.length) choose(chosen, (at + by + chosen.length) % chosen.length, "told", ofSection);
}

// The next part of some kind after the chosen one.
function travel(by, test) {
  const set = parts(test);
  if (!set.length) return;
  const here = chosen[at] ?? (by > 0 ? -1 : Infinity);
  const next = by > 0 ? set.findIndex((part) => part > here) : set.findLastIndex((part) => part < here);
  choose([set[next < 0 ? (by > 0 ? 0 : set.length - 1) : next]], 0, "keys");
}

// The same choice again goes on to its next part.
function cycle(test, from, whole = false) {
  const set = parts(test);
  const again = set.length === chosen.length && set.every((part, index) => part === chosen[index]);
  choose(set, again ? (at + 1) % set.length : 0, from, whole);
}

document.addEventListener("click", ({ target }) => {
  const on = (selector) => target.closest(selector);
  let hit;
  if ((hit = on(".fold > button"))) hit.parentElement.classList.toggle("open");
  else if ((hit = on("[data-p]"))) choose([Number(hit.dataset.p)], 0, "left");
  else if ((hit = on("[data-r]"))) cycle((part) => kindOf(part) === REMOVAL && page.data.parts[part][1] === Number(hit.dataset.r), "ledger");
  else if ((hit = on("[data-f]"))) cycle((part) => kindOf(part) === FIELD && nameOf(part).split(":")[0] === hit.dataset.f, "right");
  else if ((hit = on("[data-b]"))) cycle((part) => kindOf(part) === BLOCK && nameOf(part) === hit.dataset.b, "right");
  else if ((hit = on("button[data-s]"))) cycle((part) => sectionOf(part) === Number(hit.dataset.s), "right", true);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
  const keys = {
    n: () => travel(1, (part) => kindOf(part) === REMOVAL),
    p: () => travel(-1, (part) => kindOf(part) === REMOVAL),
    j: () => travel(1, () => true),
    k: () => travel(-1, () => true),
    Escape: clear,
  };
  const enters = event.target.matches("[role=button]") && (event.key === "Enter" || event.key === " ");
  if (enters) event.target.click();
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});

if (mains.length > 1) {
  picker.append(...mains.map((main) => element("option", main.dataset.title)));
  picker.parentElement.hidden = false;
  picker.addEventListener("change", () => show(picker.selectedIndex));
}
show(0);
