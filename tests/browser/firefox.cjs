// Read by Playwright's driver before its own code. Firefox ESR does not know yet the command by which Playwright says
// light or dark at every new window, and refuses the window. It is told something harmless in its place.
const fs = require("fs"), Module = require("module"), usual = Module._extensions[".js"];
const REFUSED = '"emulation.setMediaFeaturesOverride"', HARMLESS = '"session.status"';
Module._extensions[".js"] = (module, path) =>
  path.endsWith("coreBundle.js")
    ? module._compile(fs.readFileSync(path, "utf8").replaceAll(REFUSED, HARMLESS), path)
    : usual(module, path);
