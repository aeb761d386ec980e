// The window around the app: brings the files, starts the engine, hands each page's request to it, says what goes on.
import { Early } from "./early.js";
import { NewerForm } from "./store.js";
import { remind } from "./reminder.js";
import { language, read, reader, say } from "./words.js";

const BASE = new URL("./", location.href).pathname;
const token = sessionStorage.getItem("window") || crypto.randomUUID();
sessionStorage.setItem("window", token);
const prefix = `${BASE}p/${token}`;
const part = (id) => document.getElementById(id);
const early = new Early(prefix, enter);

let engine = null, awake = false, number = 0;
const answers = new Map(); // number -> the port that waits for it

function show(sentence, { done = null, of = 1, button = "", act = null } = {}) {
  part("door").hidden = false;
  part("page").hidden = true;
  part("said").textContent = sentence;
  part("bar").hidden = done === null;
  if (done !== null) { part("bar").max = of; part("bar").value = done; }
  part("act").hidden = !button;
  part("act").textContent = button;
  part("act").onclick = act;
}

// One line above the page at a time; what comes meanwhile waits until it is answered.
const lines = [];

function notice(sentence, buttons) {
  const place = part("notice");
  if (!place.hidden) { lines.push([sentence, buttons]); return; }
  place.hidden = false;
  place.replaceChildren(sentence, document.createElement("br"), ...buttons.map(([words, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.onclick = () => {
      place.hidden = true;
      act();
      if (place.hidden && lines.length) notice(...lines.shift());
    };
    return button;
  }));
}

const again = () => location.reload();

// The page's own words in the reader's language.
function worded() {
  document.documentElement.lang = language();
  for (const each of document.querySelectorAll("[data-say]")) {
    each.dataset.say ||= each.getAttribute("aria-label") || each.textContent;
    if (each.hasAttribute("aria-label")) each.setAttribute("aria-label", say(each.dataset.say));
    else each.textContent = say(each.dataset.say);
  }
}

async function begin() {
  worded();
  const lacks = [["serviceWorker" in navigator && isSecureContext, say("an https address")], [globalThis.WebAssembly, "WebAssembly"],
    [globalThis.indexedDB, say("storage")], [navigator.locks, say("locks")]].find(([there]) => !there);
  if (lacks) return show(say("nightdose cannot run here: this browser or window lacks {what}. A private window often does; use an ordinary one, and a browser of the last two years.", { what: lacks[1] }));
  navigator.serviceWorker.addEventListener("message", heard);
  if (!(await files())) return undefined;
  return lead(false);
}

// Every file of one version is on this device before anything starts.
async function files() {
  show(say("Looking for nightdose on this device."));
  let registration;
  try {
    registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
  } catch {
    registration = await navigator.serviceWorker.getRegistration();
  }
  if (!registration) {
    show(say("nightdose could not be fetched, and it is not on this device yet. Try again where there is a network."), { button: say("Try again"), act: again });
    return false;
  }
  const first = registration.installing || (!registration.active && registration.waiting);
  if (!registration.active && first) {
    const fine = await new Promise((resolve) => {
      const look = () => { if (first.state === "activated") resolve(true); if (first.state === "redundant") resolve(false); };
      first.addEventListener("statechange", look);
      look();
    });
    if (!fine) {
      show(say("Not every file of nightdose arrived whole. What came is kept; nothing else happened."), { button: say("Try again"), act: again });
      return false;
    }
  }
  watch(registration);
  if (!navigator.serviceWorker.controller) { // loaded past the service worker, or before it took over
    await Promise.race([new Promise((r) => navigator.serviceWorker.addEventListener("controllerchange", r, { once: true })),
      new Promise((r) => setTimeout(r, 1500))]);
    if (!navigator.serviceWorker.controller) { again(); return false; }
  }
  return true;
}

// A newer version is offered; it begins when the person says so, and never over words that are not saved.
function watch(registration) {
  const offer = () => notice(say("A newer version of nightdose is on this device."), [[say("Use it now"), async () => {
    if (unsaved()) return notice(say("You have written something that is not saved. Save it first; the newer version waits."), [[say("All right"), offer]]);
    navigator.serviceWorker.addEventListener("controllerchange", again, { once: true });
    registration.waiting?.postMessage("take over");
    return undefined;
  }], [say("Later"), () => {}]]);
  if (registration.waiting && registration.active) offer();
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next?.addEventListener("statechange", () => { if (next.state === "installed" && registration.active) offer(); });
  });
}

addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });

function unsaved() {
  const shown = part("page").contentDocument;
  return [...(shown?.querySelectorAll("form input, form textarea, form select") || [])].some((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.tagName === "SELECT" ? [...field.options].some((o) => o.selected !== o.defaultSelected) && field.selectedIndex > 0
        : field.type !== "hidden" && field.value !== field.defaultValue);
}

// One window at a time holds the engine.
function lead(take) {
  navigator.locks.request("nightdose-engine", take ? { steal: true } : { ifAvailable: true }, (lock) => {
    if (!lock) {
      show(say("nightdose is open in another window. What was confirmed there is kept."), { button: say("Use it here"), act: () => lead(true) });
      return undefined;
    }
    start();
    return new Promise(() => {});
  }).catch(() => {
    stop();
    show(say("nightdose went on in another window. What was confirmed here is kept; what was only typed is still in that window's form or lost."), { button: say("Use it here"), act: again });
  });
}

function stop() {
  engine?.terminate();
  engine = null;
  awake = false;
  for (const { port } of answers.values()) port.postMessage(broken(say("nightdose stopped before this was answered. Look whether it is in the diary; if not, enter it again.")));
  answers.clear();
  for (const which of [...asking.keys()]) waited(which);
}

async function start() {
  show(say("nightdose is starting."), { done: 0.1 });
  engine = new Worker("worker.js", { type: "module" });
  engine.onmessage = ({ data }) => told(data);
  engine.onerror = () => told({ broken: "the engine could not start" });
  engine.postMessage({ start: { prefix, reader: reader() } });
  if (await early.ready()) {
    show(say("Your diary is on this device."), { done: 0.1 });
    early.ask();
  }
}

function told(data) {
  if (data.step && !early.showing && !early.asking) show(data.step, { done: data.far });
  if (data.awake) wake(data);
  if (data.answered !== undefined) answered(data);
  if ("work" in data) work(data.work);
  if (data.broken) {
    const newer = data.broken.includes(NewerForm.name);
    stop();
    show(newer ? say("A newer nightdose wrote the diary on this device. Update this page; nothing was changed.")
      : say("The engine of nightdose broke off. What was confirmed is kept on this device."), { button: say("Start again"), act: again });
    console.error(data.broken);
  }
}

async function wake({ heap }) {
  awake = true;
  document.documentElement.dataset.heap = heap;
  engine.postMessage({ warm: true });
  const opened = early.words !== null;
  await early.awake(call);
  if (!early.asking && !opened) enter();
}

function enter(path = null) {
  const wanted = path || (location.hash.startsWith("#/") ? location.hash.slice(1) : "/");
  part("door").hidden = true;
  part("page").hidden = false;
  part("page").src = prefix + wanted;
}

part("page").addEventListener("load", () => {
  const shown = part("page").contentDocument;
  const path = part("page").contentWindow?.location.pathname || "";
  if (!shown || !path.startsWith(prefix)) return;
  document.title = shown.title;
  history.replaceState(null, "", `${BASE}#${path.slice(prefix.length) || "/"}`);
});

// A page of ours was asked for; the service worker hands it on with a port for the answer.
function heard({ data, ports }) {
  if (data.progress !== undefined && part("page").hidden) show(say("nightdose comes to this device, once: about 13 MB."), { done: data.progress, of: data.of });
  if (!data.asked) return;
  const [port] = ports;
  if (data.asked.token !== token || (!engine && !awake)) return void port.postMessage(null);
  port.postMessage("working");
  const busy = awake && !part("work").hidden && data.asked.method === "POST" && data.asked.path === "/" && early.key;
  if (busy) return void early.keep(data.asked).then((said) => port.postMessage(said));
  const back = awake && early.question(data.asked);
  if (back) return void port.postMessage(back);
  if (data.asked.path === "/data/passphrase") return void early.closing().then(() => hand(data.asked, port));
  if (!awake || early.opening) return void whileOpening(data.asked, port);
  hand(data.asked, port);
}

// What takes longer than a moment says so: the browser itself shows nothing while a page inside the window is made.
const PATIENCE = 600; // ms
const asking = new Map(); // number of a page that is being made -> its timer

function waits(which, path) {
  asking.set(which, setTimeout(() => {
    part("busy").textContent = path === "/answer" ? say("The answer is being worked out. With years of evenings it takes some seconds.")
      : say("This page is being made.");
    part("busy").hidden = false;
  }, PATIENCE));
}

function waited(which) {
  clearTimeout(asking.get(which));
  asking.delete(which);
  if (!asking.size) part("busy").hidden = true;
}

async function whileOpening(asked, port) {
  number += 1;
  const mine = number;
  waits(mine, asked.path);
  const said = await early.answer(asked);
  waited(mine);
  port.postMessage(said);
}

function hand(asked, port, unseen = false) {
  early.heed(asked);
  number += 1;
  if (!unseen) waits(number, asked.path);
  answers.set(number, { port, method: asked.method, path: asked.path });
  engine.postMessage({ asked: { ...asked, number } }, asked.body ? [asked.body] : []);
}

function call(asked) {
  return new Promise((resolve) => hand(asked, { postMessage: resolve }, true));
}

function ask(what) { // something of the engine that is not a page
  number += 1;
  const mine = number;
  return new Promise((resolve) => {
    answers.set(mine, { port: { postMessage: resolve } });
    engine.postMessage({ ...what, number: mine });
  });
}

function answered(data) {
  const { port, method, path } = answers.get(data.answered) || {};
  answers.delete(data.answered);
  waited(data.answered);
  if ("told" in data) return void port?.postMessage(data.told);
  port?.postMessage({ status: data.status, headers: data.headers, body: data.body });
  if (data.language !== reader().chosen) { read(data.language); worded(); }
  const fine = method === "POST" && data.status === 303, saved = fine && path === "/";
  early.learn(data.state, { method, saved, changed: fine && path === "/data/passphrase" }, (from) => ask({ ahead: from }));
  if (saved) remind({ look: () => ask({ facts: true }), line: notice, gate, enter });
  return undefined;
}

function gate(sentence, buttons) {
  show(sentence);
  for (const [words, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.onclick = () => { part("door").querySelectorAll(".gate").forEach((b) => b.remove()); part("door").hidden = true; part("page").hidden = false; act(); };
    button.className = "gate";
    part("act").after(button, " ");
  }
}

function broken(sentence) {
  const page = `<!doctype html><html lang="${language()}"><title>nightdose</title><p>${sentence}</p>`;
  return { status: 503, headers: [["content-type", "text/html; charset=utf-8"]], body: page };
}

function work(told) {
  part("work").hidden = told === null;
  if (told === null) return;
  const [done, total] = told;
  part("work-said").textContent = total ? say("Working: {done} of {total}. The pages wait for it.", { done, total }) : say("Working. The pages wait for it.");
  if (total) { part("work-bar").max = total; part("work-bar").value = done; }
  part("work-stop").onclick = () => { // the engine cannot listen while it works: it ends, and starts again
    stop();
    part("work").hidden = true;
    start();
  };
}

begin();
