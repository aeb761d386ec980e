// An engine that is played for early.js: its diary opens when the test says so; `done` are the entries it took.
import { Early } from "./early.js";
const form = (words) => new TextEncoder().encode(new URLSearchParams(words).toString()).buffer;
const page = '<form><input name="once" value="used-before"></form>';
export function played() {
  const it = { entered: [], done: [], open: false };
  it.early = new Early("/p/new", (path) => { it.entered.push(path); });
  it.opened = new Promise((resolve) => { it.letOpen = resolve; });
  it.call = async (asked) => {
    if (asked.path === "/unlock") {
      await it.opened;
      it.open = true;
      it.early.heed(asked);
      it.early.learn("open", { method: "POST", saved: false }, async () => null);
      return { status: 303, headers: [["location", "/p/new/"]] };
    }
    if (asked.method === "GET") return { status: 200, headers: [], body: `the engine's ${asked.path}?${asked.query}` };
    if (!it.open) return { status: 200, headers: [], body: "locked" };
    it.done.push(new TextDecoder().decode(asked.body));
    return { status: 303, headers: [["location", "/p/new/?saved=1"]] };
  };
  it.get = (query = "") => it.early.answer({ method: "GET", path: "/", query });
  it.save = (words) => it.early.answer({ method: "POST", path: "/", query: "", type: "form", body: form(words) });
  it.type = (words) => { document.getElementById("words").value = words; document.getElementById("early").requestSubmit(); };
  return it;
}
Object.assign(globalThis, { played, form });
// a first evening with its form made ahead, as an earlier start left it
globalThis.before = async (words) => {
  const it = played();
  it.early.call = it.call;
  it.early.heed({ method: "POST", path: "/unlock", body: form({ unlock_words: words }) });
  const from = Date.now();
  const made = async (at) => ({ from: at, until: at + 8 * 86400000, html: page, headers: [] });
  await it.early.learn("open", { method: "POST" }, made);
};
globalThis.waiting = async () => {
  const { within, done } = await import("./store.js");
  return within(["waiting"], "readonly", (waiting) => done(waiting.getAll()));
};
globalThis.until = async (true_) => {
  for (let waited = 0; !true_(); waited += 10) {
    if (waited > 10_000) throw new Error(`waited in vain for ${true_}`);
    await new Promise((r) => setTimeout(r, 10));
  }
};
document.documentElement.dataset.ready = "yes";
