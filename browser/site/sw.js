"use strict";
// Serves everything from this device: the files of one version from a cache, the pages of the app from the engine.
// The first lines are written by the build: VERSION, FILES = {path: {sha256, packed}}, POLICY, and WORDS as in words.js.

const CACHE = `nightdose-${VERSION}`;
const BASE = new URL("./", self.location).pathname;
const PAGES = BASE + "p/"; // p/TOKEN/ANYTHING is a page of the app; the token is the window's own
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", mjs: "text/javascript", css: "text/css",
  wasm: "application/wasm", json: "application/json", webmanifest: "application/manifest+json", svg: "image/svg+xml",
  png: "image/png", zip: "application/zip", txt: "text/plain; charset=utf-8", md: "text/plain; charset=utf-8" };

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("nightdose-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

async function fill() {
  const cache = await caches.open(CACHE);
  const names = Object.keys(FILES);
  let done = 0;
  await tell({ progress: 0, of: names.length });
  for (const name of names) {
    const url = BASE + name;
    if (!(await cache.match(url))) await cache.put(url, await fetched(name));
    done += 1;
    await tell({ progress: done, of: names.length });
  }
}

async function fetched(name) {
  const { sha256, packed } = FILES[name];
  const answer = await fetch(BASE + name + (packed ? ".packed" : ""), { cache: "no-cache", redirect: "error" });
  if (!answer.ok) throw new Error(`${name} did not come`);
  const stream = packed ? answer.body.pipeThrough(new DecompressionStream("gzip")) : answer.body;
  const bytes = await new Response(stream).arrayBuffer();
  const found = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
  if (found.map((b) => b.toString(16).padStart(2, "0")).join("") !== sha256) throw new Error(`${name} is another file`);
  const headers = { "content-type": TYPES[name.split(".").pop()] || "application/octet-stream",
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin" };
  return new Response(bytes, { headers });
}

async function tell(words) {
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) client.postMessage(words);
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) event.respondWith(Response.error()); // nothing leaves
  else if (url.pathname.startsWith(PAGES)) event.respondWith(page(event, url));
  else event.respondWith(file(url));
});

async function file(url) {
  let name = url.pathname.slice(BASE.length);
  if (name === "") name = "index.html";
  const cache = await caches.open(CACHE);
  return (await cache.match(BASE + name)) || new Response(say("There is no such file."), { status: 404 });
}

// A page of the app: the window that holds the engine answers, over a channel of this one request.
async function page(event, url) {
  const request = event.request;
  const shared = /^[^/]+\/(static\/[a-z.]+)$/.exec(url.pathname.slice(PAGES.length));
  if (shared && FILES[shared[1]]) return file(new URL(BASE + shared[1], url)); // styles need no engine
  if (request.mode === "navigate" && request.destination !== "iframe") {
    const rest = url.pathname.slice(PAGES.length).split("/").slice(1).join("/");
    return request.method === "GET" ? Response.redirect(`${BASE}#/${rest}${url.search}`, 303) : refused();
  }
  const token = url.pathname.slice(PAGES.length).split("/")[0];
  const asked = {
    token, method: request.method, path: url.pathname.slice(PAGES.length + token.length) || "/",
    query: url.search.slice(1), type: request.headers.get("content-type") || "",
    body: request.method === "POST" ? await request.arrayBuffer() : null,
  };
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (new URL(client.url).pathname.startsWith(PAGES)) continue;
    const said = await asking(client, asked);
    if (said) return new Response(said.body, { status: said.status, headers: said.headers });
  }
  return refused();
}

function asking(client, asked) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    // a window that is not the one says so at once; one that is going away says nothing
    const patience = setTimeout(() => resolve(null), 3000);
    port1.onmessage = ({ data }) => {
      clearTimeout(patience);
      if (data !== "working") { resolve(data); port1.close(); }
    };
    client.postMessage({ asked }, [port2]);
  });
}

// What was chosen is not known here, only what the browser asks for.
function say(sentence) {
  const code = (navigator.languages || []).map((one) => one.split("-")[0].toLowerCase()).find((one) => one === "en" || one in WORDS);
  return WORDS[code]?.[sentence] || sentence;
}

function refused() {
  const sentence = say("This page is open in another window of nightdose, or nightdose was closed. Open nightdose again; what was confirmed is kept.");
  return new Response(`<!doctype html><title>nightdose</title><p>${sentence}`, { status: 503,
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'" } });
}
