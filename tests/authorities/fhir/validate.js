// Prints, as JSON, what the npm package `fhir` finds in each file: node validate.js FILE ...
// {file: [[severity, place, message], ...]}, of errors and warnings; needs `npm ci` in this folder.
const fs = require("fs");
const { Fhir, ParseConformance, Versions } = require("fhir");

const fhir = new Fhir(new ParseConformance(true, Versions.R4));
const found = {};
for (const file of process.argv.slice(2)) {
  const result = fhir.validate(JSON.parse(fs.readFileSync(file, "utf-8")), { errorOnUnexpected: true });
  found[file] = result.messages
    .filter((each) => each.severity !== "info")
    .map((each) => [each.severity, each.location.replace(/\[\d+\]/g, ""), each.message]);
}
console.log(JSON.stringify(found));
