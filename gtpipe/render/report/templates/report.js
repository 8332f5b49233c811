"use strict";
// What pages can do beyond being read. Without it every page is whole.

// An interview: turns shown by code, coder and participant. The choice stands in the address.
{
  const form = document.querySelector("form.filter");
  const turns = [...document.querySelectorAll("[data-turn]")];
  const typed = ({ level, code, runs }) => (level === "initial" ? "" : level + ": ") + (code ?? runs);
  // Each turn with the codings that stand at it: those that begin there, and those that run on into it.
  const at = new Map(turns.map((turn) => [turn, [...turn.querySelectorAll("[data-coder], [data-runs]")].map(({ dataset }) => [typed(dataset), dataset.coder ?? dataset.by])]));
  const found = {
    code: [...at.values()].flat().map(([code]) => code),
    coder: [],
    participant: turns.map((turn) => turn.dataset.participant),
  };
  const show = () => {
    const { code, coder, participant } = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const turn of turns) {
      const fits = (!code && !coder) || at.get(turn).some(([one, by]) => (!code || one === code) && (!coder || by === coder));
      turn.hidden = !fits || (participant !== "" && turn.dataset.participant !== participant);
      shown += turn.hidden ? 0 : 1;
    }
    form.querySelector("output").textContent = code || coder || participant ? `${shown} turn${shown === 1 ? "" : "s"} shown of ${turns.length}` : "";
  };
  const choose = () => {
    const chosen = new URLSearchParams(location.hash.slice(1));
    const target = document.querySelector(":target");
    if (!Object.keys(found).some((name) => chosen.has(name)) && !target?.hidden) return;
    for (const name of Object.keys(found)) form.elements[name].value = chosen.get(name) ?? "";
    show();
    target?.scrollIntoView();
  };
  if (form) {
    for (const [name, values] of Object.entries(found)) {
      const choices = [...new Set(values)].filter((value) => value !== "").sort((a, b) => a.localeCompare(b));
      for (const value of choices) form.elements[name].add(new Option(value, value));
      form.elements[name].closest("label").hidden = form.elements[name].length < 3;
    }
    form.hidden = false;
    form.addEventListener("change", () => {
      const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
      show();
      const address = new URL(location.href);
      address.hash = new URLSearchParams(chosen);
      try { history.replaceState(null, "", address); } catch { /* some browsers keep the addresses of files */ }
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", choose);
    choose();
  }
}

// What is told of a code stands open until somebody goes on, or presses Escape.
{
  const opened = () => [...document.querySelectorAll(".side details[open]")];
  const goOn = ({ target }) => {
    for (const one of opened()) if (!one.contains(target)) one.open = false;
  };
  document.addEventListener("click", goOn);
  document.addEventListener("focusin", goOn);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const one of opened()) {
      one.querySelector("summary").focus();
      one.open = false;
    }
  });
}

// --- the search: search.html ---
// The index files beside the page hold plain data; what stands in them becomes text, never markup.
(() => {
  const form = document.getElementById("search-form");
  if (!form) return;
  const field = document.getElementById("search-for");
  const counted = document.getElementById("search-count");
  const list = document.getElementById("search-found");
  const AT_ONCE = 30, BEFORE = 80, SHOWN = 260;

  // Capitals, accents and the kind of quotation mark make no difference.
  const fold = (text) => {
    if (/^[ -~]*$/.test(text)) return text.toLowerCase();
    return text.replace(/[\u2018\u2019\u201b\u02bc\u0060\u00b4]/g, "'").replace(/[\u201c-\u201f\u00ab\u00bb]/g, '"')
      .replace(/[\u2010-\u2015\u2212]/g, "-").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/\u00df/g, "ss").replace(/\u03c2/g, "\u03c3");
  };
  const partsOf = (query) => {
    const parts = [...fold(query).matchAll(/"([^"]*)"|(\S+)/g)].map((one) => one[1] ?? one[2].replace(/"/g, ""));
    return [...new Set(parts.map((one) => one.trim().replace(/\s+/g, " ")).filter(Boolean))];
  };

  const isHalf = (text, at) => /[\udc00-\udfff]/.test(text[at] || "");
  // A part is found where a word begins so; where words have no space between them, anywhere.
  const IN_A_WORD = /[\p{L}\p{N}]/u;
  const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
  const characterBefore = (text, at) => text.slice(isHalf(text, at - 1) ? at - 2 : at - 1, at);
  const next = (folded, part, from) => {
    const first = String.fromCodePoint(part.codePointAt(0));
    const anywhere = !IN_A_WORD.test(first) || NO_SPACES.test(first);
    for (let at = folded.indexOf(part, from); at >= 0; at = folded.indexOf(part, at + 1)) {
      if (at === 0 || anywhere || !IN_A_WORD.test(characterBefore(folded, at))) return at;
    }
    return -1;
  };

  const entries = () => {
    const found = { codes: [], turns: [], memos: [] };
    for (const part of window.gtpipeIndex || []) {
      for (const [kind, title, address, body] of part.codes || []) found.codes.push({ kind, title, address, body });
      for (const [kind, title, address, body] of part.memos || []) found.memos.push({ kind, title, address, body });
      for (const [interview, page, turns] of part.turns || []) {
        for (const [id, kind, body] of turns) {
          found.turns.push({ kind, title: interview + " " + id, address: page + id, body });
        }
      }
    }
    for (const one of found.codes.concat(found.memos)) one.folded = fold(one.title) + "\n" + fold(one.body);
    for (const one of found.turns) one.folded = fold(one.body);
    return found;
  };

  // Where the parts stand in a text, as it is written; in order, none over another.
  const ranges = (text, parts) => {
    let folded = "", index = 0;
    const at = [];
    for (const character of text) {
      const piece = fold(character);
      for (let n = 0; n < piece.length; n += 1) at.push(index);
      folded += piece;
      index += character.length;
    }
    at.push(index);
    const found = [];
    for (const part of parts) {
      for (let start = next(folded, part, 0); start >= 0; start = next(folded, part, start + part.length)) {
        let end = start + part.length;
        while (end < folded.length && at[end] === at[end - 1]) end += 1;
        found.push([at[start], at[end]]);
      }
    }
    found.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
    return found.filter((one, n) => !found.slice(0, n).some((other) => one[0] < other[1]));
  };
  const write = (element, text, marks, from, to) => {
    let at = from;
    for (const [start, end] of marks) {
      if (start < from || end > to) continue;
      element.append(text.slice(at, start));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      element.append(mark);
      at = end;
    }
    element.append(text.slice(at, to));
  };
  const writeAround = (element, text, parts) => {
    const marks = ranges(text, parts);
    const first = marks.length ? marks[0] : [0, 0];
    let from = Math.max(0, first[0] - BEFORE), to = Math.max(from + SHOWN, first[1]);
    if (from > 0) {
      const space = text.indexOf(" ", from);
      if (space >= 0 && space < first[0]) from = space + 1;
      else if (isHalf(text, from)) from -= 1;
    }
    if (to < text.length) {
      const space = text.lastIndexOf(" ", to);
      if (space > first[1]) to = space;
      else if (isHalf(text, to)) to += 1;
    }
    if (from > 0) element.append("… ");
    write(element, text, marks, from, Math.min(to, text.length));
    if (to < text.length) element.append(" …");
  };

  const asItem = (one, parts) => {
    const item = document.createElement("li"), head = document.createElement("p");
    const link = document.createElement("a");
    link.dir = "auto";
    write(link, one.title, one.title ? ranges(one.title, parts) : [], 0, one.title.length);
    if (one.address) link.href = one.address;
    head.append(link);
    if (one.kind) {
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = " · " + one.kind;
      head.append(kind);
    }
    item.append(head);
    if (one.body) {
      const words = document.createElement("p");
      words.dir = "auto";
      writeAround(words, one.body, parts);
      item.append(words);
    }
    return item;
  };
  const asGroup = (name, found, parts) => {
    const section = document.createElement("section"), title = document.createElement("h2");
    const items = document.createElement("ol"), more = document.createElement("button");
    title.textContent = name;
    items.className = "found";
    more.className = "more";
    let shown = 0;
    const show = () => {
      const first = shown;
      for (const one of found.slice(shown, shown + AT_ONCE)) items.append(asItem(one, parts));
      shown = Math.min(found.length, shown + AT_ONCE);
      more.textContent = "Show more (" + shown + " of " + found.length + " shown)";
      if (shown === found.length) more.remove();
      return items.children[first];
    };
    more.type = "button";
    more.addEventListener("click", () => show().querySelector("a").focus());
    section.append(title, items, more);
    show();
    return section;
  };

  const GROUPS = [["codes", "Codes", "code"], ["turns", "Turns", "turn"], ["memos", "Memos", "memo"]];
  let known = null;
  const search = () => {
    const parts = partsOf(field.value);
    list.replaceChildren();
    counted.textContent = "";
    if (!parts.length) return;
    known = known || entries();
    const said = [];
    for (const [key, name, one] of GROUPS) {
      const found = known[key].filter((entry) => parts.every((part) => next(entry.folded, part, 0) >= 0));
      if (!found.length) continue;
      said.push(found.length + " " + (found.length === 1 ? one : one + "s"));
      list.append(asGroup(name, found, parts));
    }
    counted.textContent = said.length ? "Found: " + said.join(", ") : "Nothing holds all of these words.";
  };

  const keep = () => {
    const address = new URL(window.location.href);
    address.search = field.value ? new URLSearchParams({ for: field.value }).toString() : "";
    try { window.history.replaceState(null, "", address); } catch { /* some browsers keep the addresses of files */ }
  };
  let waiting = 0;
  const begin = () => {
    document.getElementById("search-without-script").hidden = true;
    form.hidden = false;
    field.value = new URLSearchParams(window.location.search).get("for") || "";
    field.focus();
    if (!window.gtpipeIndex) { counted.textContent = "The index beside this page is not there."; return; }
    search();
    field.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => { search(); keep(); }, 150);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); search(); keep(); });
  };
  document.addEventListener("DOMContentLoaded", begin); // the index files are read by then
})();
