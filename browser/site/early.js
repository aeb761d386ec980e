// Tonight before the engine has the diary open: the form as it was last made for this day, opened with the passphrase here,
// and what is saved in it kept encrypted until the engine enters it. AES-GCM under PBKDF2 of the passphrase, both by the
// browser.
import { done, within } from "./store.js";
import { language, say } from "./words.js";

const ROUNDS = 600_000; // OWASP's figure for PBKDF2-SHA-256, 2023
const DAY = 86_400_000, DAYS = 7; // how far ahead tonight's form is made
const LATER = 200; // ms of rest before each
const text = new TextEncoder();

export class Early {
  constructor(prefix, enter) {
    Object.assign(this, { prefix, enter, key: null, words: null, missed: false, pages: [], call: null, asking: false, showing: false });
    this.woken = new Promise((resolve) => { this.wakeUp = resolve; });
    this.opening = false; // the words are known and the engine has not answered to them yet
    this.entered = Promise.resolve();
    this.made = 0;
  }

  // Whether there is a form that the passphrase opens.
  async ready() {
    this.sealed = await within(["early"], "readonly", (early) => done(early.get("pages"))).catch(() => null);
    return Boolean(this.sealed);
  }

  // The shell's own field for the passphrase, while Python starts.
  ask() {
    const form = document.getElementById("early");
    form.hidden = false;
    this.asking = true;
    document.getElementById("words").focus();
    form.onsubmit = async (event) => {
      event.preventDefault();
      const words = document.getElementById("words").value;
      const key = await derived(words, this.sealed.salt);
      const pages = await opened(key, this.sealed).catch(() => null);
      if (!pages) {
        document.getElementById("wrong").textContent = say("This passphrase does not open the diary. Try again; once nightdose is awake, the recovery key opens it too.");
        this.missed = true;
        this.offerRecovery();
        return;
      }
      Object.assign(this, { key, words, pages: JSON.parse(new TextDecoder().decode(pages)) });
      this.give();
      const shown = this.tonight();
      Object.assign(this, { opening: true, showing: Boolean(shown) });
      if (shown) this.enter("/");
      if (this.call) await this.unlock();
    };
  }

  // Whoever mistyped may have forgotten: the engine, once it is there, opens with the recovery key.
  offerRecovery() {
    const other = document.getElementById("recovery");
    other.hidden = !(this.missed && this.call);
    other.onclick = () => { this.give(); this.enter("/unlock?by=recovery"); };
  }

  give() {
    this.asking = false;
    document.getElementById("early").hidden = true;
  }

  // The form made for now, if there is one.
  tonight() {
    const now = Date.now();
    return this.pages.find((each) => each.from <= now && now < each.until);
  }

  // A request while the engine has not opened the diary yet.
  async answer(asked) {
    if (asked.path === "/" && asked.method === "POST" && this.key) return this.keep(asked);
    const page = this.tonight();
    if (asked.path === "/" && asked.method === "GET" && !asked.query && page) return this.shown(page);
    await this.woken;
    await this.unlocking;
    return this.call(asked);
  }

  shown(page) {
    const fresh = page.html.replace(/(name="once" value=")[^"]*/, `$1${crypto.randomUUID()}`).replaceAll(page.prefix, this.prefix);
    return { status: 200, headers: page.headers, body: fresh };
  }

  // Kept before anything is said; the engine enters it later, under the form's own number, so at most once.
  async keep(asked) {
    const bytes = text.encode(JSON.stringify({ type: asked.type, body: new TextDecoder().decode(asked.body) }));
    try {
      const item = await sealed(this.key, bytes);
      await within(["waiting"], "readwrite", (waiting) => { waiting.put(item, `${Date.now()}-${crypto.randomUUID()}`); });
    } catch {
      return said(507, this.prefix, say("This device took no more: nothing of this was kept, and what was confirmed before is safe. Make room, go back and save again."));
    }
    if (this.call && !this.opening) this.enterAll();
    return said(200, this.prefix, say("Kept on this device, encrypted. It is entered into the diary as soon as nightdose is awake; you may close this."));
  }

  // The engine is there.
  async awake(call) {
    this.call = call;
    if (this.missed) this.offerRecovery();
    if (this.words) await this.unlock();
    this.wakeUp();
  }

  unlock() {
    this.unlocking = this.unlocked();
    return this.unlocking;
  }

  async unlocked() {
    const body = text.encode(new URLSearchParams({ unlock_words: this.words, unlock_by: "passphrase", path: "/" })).buffer;
    const answer = await this.call({ method: "POST", path: "/unlock", query: "", type: "application/x-www-form-urlencoded", body });
    this.opening = false;
    if (answer.status === 303) this.enterAll();
    if (answer.status === 303 && !this.showing) this.enter("/");
    else if (answer.status !== 303) { this.showing = false; this.enter("/unlock"); }
  }

  // What passed by: the words that opened the diary make the key of what is kept early.
  heed(asked) {
    if (asked.path === "/start/restore" && asked.body) {
      const sent = new Response(asked.body.slice(0), { headers: { "content-type": asked.type } });
      sent.formData().then((form) => { this.heard = form.get("words") || null; }).catch(() => {});
    }
    if (asked.method !== "POST" || !["/unlock", "/start/key", "/data/passphrase"].includes(asked.path)) return;
    const form = new URLSearchParams(new TextDecoder().decode(asked.body));
    if (asked.path === "/data/passphrase") { this.next = form.get("words"); return; }
    const words = form.get("unlock_by") === "recovery" ? null : form.get("unlock_words") || form.get("words");
    if (words) this.heard = words;
  }

  // Before another passphrase is asked for: from now on the old one opens no form here in which something would be kept.
  async closing() {
    this.made += 1;
    delete document.documentElement.dataset.early;
    await within(["early"], "readwrite", (early) => { early.clear(); }).catch(() => {});
    this.sealed = null;
  }

  // The page that asks back, once, in the place of tonight's form.
  question(asked) {
    const answer = asked.method === "GET" && asked.path === "/" && this.asksBack?.answer;
    if (answer) this.asksBack.answer = null;
    return answer || null;
  }

  async learn(state, asked, ahead) {
    if (this.asksBack && asked.saved) {
      const { key } = this.asksBack;
      this.asksBack = null;
      await within(["waiting"], "readwrite", (waiting) => { waiting.delete(key); }).catch(() => {});
    }
    if (state === "absent" && this.state === "open") {
      await within(["early", "waiting"], "readwrite", (early, waiting) => { early.clear(); waiting.clear(); }).catch(() => {});
      Object.assign(this, { key: null, words: null, heard: null, pages: [] });
    }
    this.state = state;
    if (asked.changed) await this.changed();
    if (state !== "open" || this.learning) return;
    const opening = Boolean(this.heard);
    if (this.heard) {
      this.salt = this.sealed?.salt || crypto.getRandomValues(new Uint8Array(16));
      const words = this.heard;
      this.heard = null;
      this.learning = true;
      if (!this.key || words !== this.words) this.key = await derived(words, this.salt);
      this.words = words;
      this.learning = false;
    }
    if (!this.key || !(opening || asked.method === "POST")) return;
    await this.enterAll();
    await this.prepare(ahead);
  }

  // Other words open the diary from now on: what waits under the old ones is kept under the new.
  async changed() {
    const old = this.key;
    this.salt = crypto.getRandomValues(new Uint8Array(16));
    Object.assign(this, { key: await derived(this.next, this.salt), words: this.next, next: null });
    if (!old) return;
    const keys = await within(["waiting"], "readonly", (waiting) => done(waiting.getAllKeys()));
    for (const key of keys) {
      const item = await within(["waiting"], "readonly", (waiting) => done(waiting.get(key)));
      const anew = await sealed(this.key, await opened(old, item));
      await within(["waiting"], "readwrite", (waiting) => { waiting.put(anew, key); });
    }
  }

  // The forms of the coming days, one at a time and a little later: a page that is asked for meanwhile comes first.
  async prepare(ahead) {
    const turn = ++this.made;
    delete document.documentElement.dataset.early;
    const pages = [];
    for (let from = Date.now(), end = from + DAYS * DAY; from < end; from = pages.at(-1).until) {
      await new Promise((resolve) => { setTimeout(resolve, LATER); });
      const page = turn === this.made && (await ahead(from));
      if (!page) return; // the diary went on meanwhile, or there is no form
      pages.push({ ...page, prefix: this.prefix });
      const bytes = text.encode(JSON.stringify(pages));
      this.sealed = { salt: this.salt, ...(await sealed(this.key, bytes)) };
      await within(["early"], "readwrite", (early) => { early.put(this.sealed, "pages"); }).catch(() => {});
    }
    document.documentElement.dataset.early = "made";
  }

  // Enter what waits, oldest first and one round after the other; it is removed only when the diary has it.
  enterAll() {
    this.entered = this.entered.then(() => this.enterNow());
    return this.entered;
  }

  async enterNow() {
    if (this.asksBack || !this.key || !this.call) return;
    try {
      const keys = await within(["waiting"], "readonly", (waiting) => done(waiting.getAllKeys()));
      for (const key of keys) {
        const item = await within(["waiting"], "readonly", (waiting) => done(waiting.get(key)));
        const { type, body } = JSON.parse(new TextDecoder().decode(await opened(this.key, item)));
        const answer = await this.call({ method: "POST", path: "/", query: "", type, body: text.encode(body).buffer });
        if (answer.status !== 303) { // something is asked back: its page is shown, and the words stay until that is saved
          this.asksBack = { key, answer };
          this.showing = false;
          this.enter("/");
          break;
        }
        await within(["waiting"], "readwrite", (waiting) => { waiting.delete(key); });
        this.showing = false;
        const where = answer.headers.find(([name]) => name === "location")[1];
        this.enter(where.slice(this.prefix.length));
      }
    } catch (error) {
      console.error("what waits could not be entered; it is still kept", error.name);
    }
  }
}

async function derived(words, salt) {
  const material = await crypto.subtle.importKey("raw", text.encode(words.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, material,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function sealed(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes)) };
}

async function opened(key, { iv, bytes }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes);
}

function said(status, prefix, sentence) {
  const heading = status === 200 ? say("Kept") : say("Not kept");
  const body = `<!doctype html><html lang="${language()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${heading} - nightdose</title><link rel="stylesheet" href="${prefix}/static/app.css"></head><body><main id="page"><h1>${heading}</h1><p class="saved" role="status">${sentence}</p></main></body></html>`;
  const policy = "default-src 'none'; style-src 'self'; frame-ancestors 'self'; base-uri 'none'";
  return { status, headers: [["content-type", "text/html; charset=utf-8"], ["content-security-policy", policy]], body };
}
