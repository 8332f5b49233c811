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
    form.querySelector("output").textContent = code || coder || participant ? `${shown} turns shown of ${turns.length}` : "";
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
      history.replaceState(null, "", chosen.length ? "#" + new URLSearchParams(chosen) : location.pathname);
      show();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", choose);
    choose();
  }
}

// What is told of a code stands open until somebody opens the next, or presses Escape.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll(".side details[open]")) {
    open.querySelector("summary").focus();
    open.open = false;
  }
});
