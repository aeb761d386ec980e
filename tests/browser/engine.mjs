// node engine.mjs FOLDER: the unpacked files of the built folder, run by Node. Each line in is {"files": {...}, "argv": [...]},
// each line out what `nightdose ARGV` printed and its exit code.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/pyodide/` });
for (const name of ["numpy.zip", "nightdose.zip"]) {
  python.unpackArchive(new Uint8Array(readFileSync(`${folder}/${name}`)), "zip", { extractDir: "/lib/python3.13/site-packages" });
}
const run = python.runPython(`
import contextlib, io, json, sys
def run(argv):
    from nightdose.cli import main
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        try:
            code = main(json.loads(argv))
        except SystemExit as left:
            code = left.code
    return json.dumps({"code": code or 0, "said": said.getvalue(), "wrong": wrong.getvalue()})
run
`);
for await (const line of createInterface({ input: process.stdin })) {
  const { files, argv } = JSON.parse(line);
  for (const [name, text] of Object.entries(files)) python.FS.writeFile(`/tmp/${name}`, text);
  console.log(run(JSON.stringify(argv)));
}
