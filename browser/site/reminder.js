// A browser may clear what a page keeps. It is asked not to; where it does not promise, a copy elsewhere is asked for,
// at first in a line above the page, then in front of it.

import { say } from "./words.js";

const DAY = 86_400_000;
const GATE_ENTRIES = 60; // about two weeks of evenings
let looked = 0;

// look() -> {entries, backup_old} of the diary; line(sentence, buttons); gate(sentence, buttons); enter(path)
export async function remind({ look, line, gate, enter }) {
  if (Date.now() - looked < DAY) return;
  looked = Date.now();
  const promised = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false;
  const { entries, backup_old: old } = await look();
  if (!old || promised) return;
  const later = [say("Not now"), () => {}];
  const make = [say("To the backup"), () => enter("/data")];
  if (entries < GATE_ENTRIES) line(say("This browser does not promise to keep what is stored here. Make a backup, or put nightdose on the home screen."), [make, later]);
  else gate(say("This browser may clear what is stored here, some after seven days without a visit, and there is no backup of the last 30 days. Make one now and keep it elsewhere: it takes a minute, and it is encrypted."), [make, later]);
}
