// MicroPython for WebAssembly: node micropython.mjs FOLDER, where FOLDER holds node_modules. An instance a program.

import { pathToFileURL } from 'node:url';
import { serve } from './serve.mjs';

const path = '/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs';
const { loadMicroPython } = await import(pathToFileURL(process.argv[2] + path));

serve(async (source, stdout, stderr) => {
  const python = await loadMicroPython({ heapsize: 8 * 1024 * 1024, linebuffer: false, stdout, stderr });
  try {
    python.runPython(source);
    return 0;
  } catch (error) {
    stderr(String(error.message ?? error) + '\n');
    return 1;
  }
});
