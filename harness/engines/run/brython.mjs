// Brython: node brython.mjs FOLDER, where FOLDER holds node_modules. A realm a program, which takes itself for a web
// worker: Brython wants a page or that.

import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { serve } from './serve.mjs';

const folder = process.argv[2] + '/node_modules/brython/';
const scripts = ['brython.js', 'brython_stdlib.js'].map(
  name => new vm.Script(readFileSync(folder + name, 'utf8'), { filename: folder + name }),
);

// Node 20 has no Set.prototype.difference, and Brython's own stand-in for it takes two sets.
const worker = new vm.Script(`
Set.prototype.difference ||= function (other) { return new Set([...this].filter(item => !other.has(item))); };
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = Object;
globalThis.location = {
  href: 'http://localhost/app/worker.js', origin: 'http://localhost', pathname: '/app/worker.js', search: '', hash: '',
};
globalThis.WorkerNavigator = class WorkerNavigator {};
globalThis.navigator = new WorkerNavigator();
navigator.userLanguage = navigator.language = 'en';
globalThis.importScripts = globalThis.addEventListener = globalThis.postMessage = globalThis.dispatchEvent = () => {};
globalThis.setTimeout = globalThis.setInterval = () => 0;
globalThis.clearTimeout = globalThis.clearInterval = () => {};
`);

const GIVEN = ['Event', 'EventTarget', 'TextEncoder', 'TextDecoder', 'URL', 'performance', 'crypto', 'atob', 'btoa'];

// A module of the library is the same in every realm, and takes Brython seconds to translate: it is translated once.
const translated = new Map();
function remember(brython) {
  const translate = brython.py2js;
  brython.py2js = (source, ...rest) => {
    if (!source?.imported || !source.filename?.startsWith('VFS.')) return translate(source, ...rest);
    const key = `${source.filename} ${source.src}`;
    let known = translated.get(key);
    if (known === undefined) {
      const { imports, to_js } = translate(source, ...rest);
      translated.set(key, (known = { imports: { ...imports }, js: to_js() }));
    }
    return { imports: known.imports, to_js: () => known.js };
  };
}

serve(async (source, stdout, stderr) => {
  // Brython's sys.stdout ends in console.log, with one text and no newline of its own; more are Brython's own words.
  const log = (...pieces) => pieces.length === 1 && typeof pieces[0] === 'string' && stdout(pieces[0]);
  const shown = first => typeof first === 'string' && stderr(first);
  const console = { log, error: shown, warn: shown, info: shown, debug: shown };
  const realm = vm.createContext({ console, ...Object.fromEntries(GIVEN.map(name => [name, globalThis[name]])) });
  for (const script of [worker, ...scripts]) script.runInContext(realm);
  try {
    realm.brython?.({ debug: 0 });
  } catch (error) {
    stderr(`Brython does not start: ${error}\n`);
  }
  if (realm.__BRYTHON__?.py2js) remember(realm.__BRYTHON__);
  try {
    realm.__BRYTHON__.runPythonSource(source, '__main__');
    return 0;
  } catch (error) {
    if (error?.ob_type === undefined) stderr(`JS: ${error?.stack ?? error}\n`);
    return 1;
  }
});
