// The engine: Python with nightdose, one diary, and the rule that a page is answered only when what it changed is kept.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { argon2 } from "./argon2.js";
import { Overtaken, keep, load, same } from "./store.js";
import { read, say } from "./words.js";

const FOLDER = "/diary/";
const KEPT = ["diary.db", "diary.db.key"];
let python, bridge;
let generation = 0, before = new Map();
let queue = Promise.resolve();

self.heap = () => python._module.HEAPU8.length; // bytes; for whoever measures

self.onmessage = ({ data }) => {
  if (data.start) needed(() => start(data.start));
  else if (data.asked) needed(() => answer(data.asked));
  else if (data.facts) needed(() => tell(data.number, bridge.facts()));
  else if (data.ahead) wished(() => tell(data.number, bridge.ahead(data.ahead)), () => tell(data.number, "null"));
  else if (data.warm) wished(() => bridge.warm());
};

// One thing after the other. What is only wished for may fail, and everything else goes on.
function needed(work) {
  queue = queue.then(work).catch((error) => postMessage({ broken: String(error) }));
}

function wished(work, otherwise = () => {}) {
  queue = queue.then(work).catch((error) => { console.error(String(error)); return otherwise(); });
}

async function start({ prefix, reader }) {
  read(reader.chosen);
  postMessage({ step: say("Python is starting."), far: 0.2 });
  const brought = Promise.all(["numpy.zip", "nightdose.zip"].map(async (name) => (await fetch(name)).arrayBuffer()));
  brought.catch(() => {}); // it is waited for below
  python = await loadPyodide({ indexURL: "./pyodide/", env: { HOME: "/home/pyodide" }, stdLibURL: "./pyodide/python_stdlib.zip" });
  postMessage({ step: say("nightdose is starting."), far: 0.6 });
  for (const archive of await brought) python.unpackArchive(archive, "zip", { extractDir: "/lib/python3.13/site-packages" });
  self.argon2id = await argon2("argon2.wasm"); // Python asks for it by this name
  python.FS.mkdirTree(FOLDER);
  await bring();
  bridge = python.pyimport("nightdose_here").Bridge(FOLDER + KEPT[0], prefix, (done, total) => postMessage({ work: [done, total] }), reader.asked, reader.chosen);
  forgetLoaded();
  postMessage({ awake: true, heap: python._module.HEAPU8.length });
}

// The files of compiled modules that are loaded are not read again: 8 MB that a phone has for something else.
function forgetLoaded() {
  for (const path of Object.keys(python._module.LDSO.loadedLibsByName)) if (path.endsWith(".so")) python.FS.unlink(path);
}

// The files as they are stored, into Python's memory.
async function bring() {
  const found = await load();
  for (const name of KEPT) {
    const bytes = found.files.get(name);
    if (bytes) write(name, bytes);
    else if (exists(name)) python.FS.unlink(FOLDER + name);
  }
  if (exists("diary.db-journal")) python.FS.unlink(FOLDER + "diary.db-journal");
  generation = found.generation;
  before = found.files;
}

const exists = (name) => python.FS.analyzePath(FOLDER + name).exists;

function write(name, bytes) {
  const handle = python.FS.open(FOLDER + name, exists(name) ? "r+" : "w");
  python.FS.ftruncate(handle.fd, bytes.length);
  python.FS.write(handle, bytes, 0, bytes.length, 0);
  python.FS.close(handle);
}

// Keep what changed, before anybody is told that it is kept.
async function settle() {
  const after = new Map(KEPT.filter(exists).map((name) => [name, python.FS.readFile(FOLDER + name)]));
  const equal = after.size === before.size && [...after].every(([name, bytes]) => before.has(name) && same(bytes, before.get(name)));
  if (equal) return;
  generation = await keep(generation, before, after);
  before = after;
}

async function tell(number, found) {
  const told = await found;
  postMessage({ answered: number, told: JSON.parse(told) });
}

const SENTENCES = {
  full: () => say("This device has no room left: nothing of this was kept, and what was confirmed before is safe. Make room (a few megabytes are enough), then enter it again."),
  overtaken: () => say("Another window of nightdose wrote to the diary meanwhile, so nothing of this was kept here. Look at the page again, then enter it again."),
  cleared: () => say("The browser's storage did not take this, so nothing of it was kept. If the storage was cleared, restore your newest backup under Data."),
};

async function answer(asked) {
  let said;
  const body = asked.body ? new Uint8Array(asked.body) : new Uint8Array(0);
  const proxy = await bridge.answer(asked.method, asked.path, asked.query, asked.type, body);
  said = proxy.toJs({ create_proxies: false });
  proxy.destroy();
  try {
    await settle();
  } catch (error) {
    const which = error instanceof Overtaken ? "overtaken" : error.name === "QuotaExceededError" ? "full" : "cleared";
    bridge.forget();
    await bring().catch(() => {});
    const page = bridge.refusal(SENTENCES[which]()).toJs();
    said = [507, [["content-type", "text/html; charset=utf-8"]], page];
  }
  const [status, headers, bytes] = said;
  read(bridge.chosen);
  postMessage({ answered: asked.number, status, headers, body: bytes, state: bridge.state(), language: bridge.chosen }, [bytes.buffer]);
  if (bridge.working()) setTimeout(() => { queue = queue.then(work); }, 400);
}

function work() {
  postMessage({ work: [0, 0] });
  bridge.work();
  postMessage({ work: null });
}
