// Of every FHIR R4 type that a letter uses, its elements as HL7 defines them, from the definitions that the npm package
// `fhir` carries. Run by hand after `npm ci`: node table.js > r4.json
// An element: type, fewest, most ("*" = any), and where there is one: choice, codes of a required binding, targets, parts.
const types = require("fhir/profiles/types.json");
const sets = require("fhir/profiles/valuesets.json");

const RESOURCES = ["AdverseEvent", "Bundle", "Composition", "Device", "DiagnosticReport", "MedicationAdministration",
  "MedicationStatement", "Observation", "Patient", "Provenance", "Questionnaire", "QuestionnaireResponse"];
const LEFT_OUT = new Set(["Extension", "Resource", "Element", "xhtml", "BackboneElement"]); // read by hand in tests/letter/fhir_rules.py

function codes(property) {
  if (property._valueSetStrength !== "required" || property._type !== "code") return undefined;
  const set = sets[property._valueSet.split("|")[0]];
  const found = (set ? set.systems : []).flatMap((system) => system.codes.map((code) => code.code));
  return found.length ? [...new Set(found)].sort() : undefined;
}

function element(property, wanted) {
  const out = { type: property._type, min: property._required ? 1 : 0, max: property._multiple ? "*" : 1 };
  if (property._choice) out.choice = property._choice;
  const bound = codes(property);
  if (bound) out.codes = bound;
  if (property._targetProfiles) out.targets = property._targetProfiles.map((url) => url.split("/").pop()).sort();
  if (property._properties && property._properties.length) out.parts = elements(property._properties, wanted);
  else if (types[property._type]) wanted.add(property._type);
  return out;
}

function elements(properties, wanted) {
  const named = properties.filter((property) => !property._name.startsWith("_"));
  return Object.fromEntries(named.map((property) => [property._name, element(property, wanted)]));
}

const table = {};
let wanted = new Set(RESOURCES);
while (wanted.size) {
  const next = new Set();
  for (const name of wanted) if (!table[name] && !LEFT_OUT.has(name)) table[name] = elements(types[name]._properties, next);
  wanted = new Set([...next].filter((name) => !table[name] && !LEFT_OUT.has(name)));
}
const sorted = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
const lines = Object.entries(sorted).map(([name, parts]) => ` ${JSON.stringify(name)}: ${JSON.stringify(parts)}`);
process.stdout.write(`{\n${lines.join(",\n")}\n}\n`);
