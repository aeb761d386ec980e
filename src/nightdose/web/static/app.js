"use strict";
// Comfort only: every page and form works without this file. Digits answer a scale and go on; a form is sent once.
(() => {
  const home = new URL("..", document.currentScript.src).pathname; // in a browser without a server pages stand deeper
  const groups = () => [...document.querySelectorAll("fieldset[data-keys]")];
  const focusOn = (group) => {
    const input = group.querySelector("input:checked") || group.querySelector("input");
    if (input) input.focus();
  };
  const first = groups().find((g) => !g.querySelector("input:checked"));
  if (first && !document.querySelector("[role=alert]")) focusOn(first);
  const errors = document.getElementById("errors");
  if (errors) errors.focus();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input[type=text],input[type=password],input[type=number],input[type=search],input[type=date],input[type=time],textarea,select");
    if (typing) return;
    const group = event.target.closest && event.target.closest("fieldset[data-keys]");
    if (group && (/^[0-9]$/.test(event.key) || event.key === "-")) {
      const wanted = event.key === "-" ? "10" : event.key;
      const input = [...group.querySelectorAll("input")].find((i) => i.value === wanted);
      if (!input) return;
      event.preventDefault();
      input.checked = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const all = groups();
      const next = all[all.indexOf(group) + 1];
      if (next) focusOn(next);
      else {
        const after = group.parentElement.querySelector("fieldset:not([data-keys]) input") || document.querySelector("button[type=submit]");
        if (after) after.focus();
      }
      return;
    }
    if (event.key === "Enter" && event.target.matches("input[type=radio]") && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.key === "?") {
      event.preventDefault();
      const keys = document.getElementById("keys-shown");
      if (keys && keys.showModal) { if (!keys.open) keys.showModal(); } else location.href = `${home}help#keys`;
    }
    const go = { t: "", l: "timeline", a: "answer", p: "plan" }[event.key];
    if (go !== undefined && document.body.dataset.go === "g") location.href = home + go;
    document.body.dataset.go = event.key === "g" ? "g" : "";
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((f) => delete f.dataset.sent));
})();
// a file that an act made is saved at once, the first time its page is shown
(() => {
  const file = document.querySelector("a[href*='?file=']");
  if (!file || sessionStorage.getItem("made") === file.search) return;
  sessionStorage.setItem("made", file.search);
  window.addEventListener("load", () => setTimeout(() => file.click()));
})();
// sliders say their value, and redraw when let go
document.querySelectorAll("input[type=range][data-out]").forEach((range) => {
  const out = document.getElementById(range.dataset.out);
  range.addEventListener("input", () => { out.textContent = range.value; });
  range.addEventListener("change", () => range.form.requestSubmit());
});
// work beside the page: its bar moves by itself; without a script there is a link
(() => {
  const again = async () => {
    const work = document.getElementById("work");
    if (!work) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("work");
      if (!next) return location.reload();
      work.querySelector("progress").value = next.querySelector("progress").value;
    } catch { return; }
    setTimeout(again, 1500);
  };
  setTimeout(again, 1500);
})();
