// Sentences in the reader's language: the one chosen here before, else what the browser asks for, else English. The build
// writes WORDS in front, {language: {sentence: its translation}}, from the catalogues of the pages themselves.
const KNOWN = typeof WORDS === "undefined" ? {} : WORDS;
const CHOSEN = "nightdose-language"; // as web/language.py calls its cookie
const ASKED = [...(navigator.languages || [])];

function chosen() {
  try {
    return localStorage.getItem(CHOSEN) || "";
  } catch { // no storage for words here, or a worker, which is told
    return "";
  }
}

let now = chosen();

// What the engine is told, as a browser tells a server: {chosen, asked}.
export const reader = () => ({ chosen: now, asked: ASKED.join(",") });

// The language of a page that was read from now on; "" where nothing was chosen.
export function read(code) {
  if (!code || code === now) return;
  now = code;
  try {
    localStorage.setItem(CHOSEN, code);
  } catch { /* it holds until this window is closed */ }
}

export function language() {
  const wanted = now ? [now] : ASKED.map((code) => code.split("-")[0].toLowerCase());
  return wanted.find((code) => code === "en" || code in KNOWN) || "en";
}

export function say(sentence, values = {}) {
  const found = KNOWN[language()]?.[sentence] || sentence;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
