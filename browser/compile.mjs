// Python's own bytecode for a folder, made by the very Python that will read it: node compile.mjs PYODIDE FOLDER
const [place, folder] = process.argv.slice(2);
const { loadPyodide } = await import(`${place}/pyodide.mjs`);
const python = await loadPyodide({ indexURL: place, env: { PYTHONHASHSEED: "0" } });
python.FS.mkdir("/work");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/work");
const whole = python.runPython(`
import compileall, os, py_compile
os.chdir("/work")
compileall.compile_dir(".", maxlevels=30, quiet=1, legacy=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`);
process.exit(whole ? 0 : 1);
