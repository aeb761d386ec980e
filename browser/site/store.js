// The diary's files in this browser's own storage: what SQLite wrote, page by page, all of a change or nothing.
//
// The files are SQLCipher's, so what is stored is encrypted with the diary's key before it comes here. A generation
// number makes a window that was overtaken by another one notice it: it writes nothing.

export const PIECE = 65536;
const NAME = "nightdose";
const STORES = ["pieces", "meta", "waiting", "early"];

export class Overtaken extends Error {}
export class NewerForm extends Error {}

let opened = null;

export function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error.name === "VersionError" ? new NewerForm() : asked.error);
  });
  return opened;
}

export const done = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

export async function within(stores, mode, act) {
  const database = await open();
  const work = database.transaction(stores, mode, { durability: "strict" });
  const over = new Promise((resolve, reject) => {
    work.oncomplete = resolve;
    work.onabort = () => reject(work.error || new Error("aborted"));
    work.onerror = () => {};
  });
  try {
    const result = await act(...stores.map((name) => work.objectStore(name)));
    await over;
    return result;
  } catch (error) {
    try { work.abort(); } catch { /* it is over */ }
    over.catch(() => {});
    throw error;
  }
}

// {generation, files: Map(name -> Uint8Array)}
export async function load() {
  return within(["pieces", "meta"], "readonly", async (pieces, meta) => {
    const known = (await done(meta.get("files"))) || { generation: 0, sizes: {} };
    const files = new Map();
    for (const [name, size] of Object.entries(known.sizes)) {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += PIECE) {
        const piece = await done(pieces.get([name, at / PIECE]));
        if (!piece) throw new Error("a piece of the diary is missing");
        bytes.set(piece, at);
      }
      files.set(name, bytes);
    }
    return { generation: known.generation, files };
  });
}

// Keep what differs from `before`; the new generation. Nothing is kept where another window wrote meanwhile.
export async function keep(generation, before, after) {
  return within(["pieces", "meta"], "readwrite", async (pieces, meta) => {
    const known = await done(meta.get("files"));
    if (!known) before = new Map(); // never stored, or cleared meanwhile: everything is written, nothing is lost
    else if (known.generation !== generation) throw new Overtaken();
    const sizes = {};
    for (const [name, bytes] of after) {
      sizes[name] = bytes.length;
      const old = before.get(name) || new Uint8Array(0);
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE);
        if (!same(piece, old.subarray(at, at + PIECE))) pieces.put(piece.slice(), [name, at / PIECE]);
      }
      for (let at = Math.ceil(bytes.length / PIECE) * PIECE; at < old.length; at += PIECE) pieces.delete([name, at / PIECE]);
    }
    for (const [name, bytes] of before) {
      if (!after.has(name)) for (let at = 0; at < bytes.length; at += PIECE) pieces.delete([name, at / PIECE]);
    }
    meta.put({ generation: generation + 1, sizes }, "files");
    return generation + 1;
  });
}

export function same(one, other) {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
