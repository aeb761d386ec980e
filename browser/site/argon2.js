// Argon2id of libargon2 in a memory of its own, which goes when it is done: a diary's key takes 64 MB for half a second, and
// inside Python's memory, which never shrinks, a phone would keep them for as long as the page is open.
const LENT = { env: { emscripten_notify_memory_growth() {} } };

// (words, salt, rounds, KiB, lanes, size) -> so many bytes; words and salt as bytes
export async function argon2(file) {
  const module = await WebAssembly.compileStreaming(fetch(file));
  return (words, salt, rounds, kib, lanes, size) => {
    const { exports: c } = new WebAssembly.Instance(module, LENT);
    c._initialize();
    const put = (bytes) => {
      const at = c.malloc(bytes.length + 1);
      new Uint8Array(c.memory.buffer).set(bytes, at);
      return at;
    };
    const given = [put(words), words.length, put(salt), salt.length], to = c.malloc(size);
    const wrong = c.argon2id_hash_raw(rounds, kib, lanes, ...given, to, size);
    if (wrong) throw new Error(`Argon2id says ${wrong}`);
    const held = new Uint8Array(c.memory.buffer);
    const made = held.slice(to, to + size);
    held.fill(0, given[0], given[0] + words.length);
    held.fill(0, to, to + size);
    setTimeout(swept, 100);
    return made;
  };
}

// Whatever is asked for makes a browser look for what nobody holds any more, this memory among it; it is never touched, so it
// takes no room itself.
function swept() {
  try {
    for (let i = 0; i < 4; i++) new ArrayBuffer(2 ** 26);
  } catch { /* then it goes later */ }
}
