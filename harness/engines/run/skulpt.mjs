// Skulpt: node skulpt.mjs FOLDER, where FOLDER holds node_modules. A realm a program.

import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { serve } from './serve.mjs';

const dist = process.argv[2] + '/node_modules/skulpt/dist/';
const scripts = ['skulpt.min.js', 'skulpt-stdlib.js'].map(
  filename => new vm.Script(readFileSync(dist + filename, 'utf8'), { filename }),
);

serve(async (source, stdout, stderr) => {
  const realm = vm.createContext({ console: { log() {}, error() {}, warn() {} }, setTimeout, clearTimeout, performance });
  for (const script of scripts) script.runInContext(realm);
  const { Sk } = realm;
  const read = name => {
    const text = Sk.builtinFiles?.files[name];
    if (text === undefined) throw `File not found: '${name}'`;
    return text;
  };
  Sk.configure({ output: stdout, __future__: Sk.python3, read });
  try {
    await Sk.misceval.asyncToPromise(() => Sk.importMainWithBody('<stdin>', false, source, true));
    return 0;
  } catch (error) {
    stderr(String(error) + '\n');
    return 1;
  }
});
