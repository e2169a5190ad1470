// What the launchers beside this file have in common: programs come as lines of JSON, and what each wrote and how it
// ended goes back as a line of JSON. An interpreter under node starts in less time than node does, so node stays.

import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

function say(message) {
  let bytes = Buffer.from(JSON.stringify(message) + '\n');
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
}

/// Answers until stdin ends. `run(source, out, err)` runs a program in an interpreter that is new and gives its status;
/// `out` and `err` take texts or bytes.
export async function serve(run) {
  say({ serves: 1 });
  for await (const line of createInterface({ input: process.stdin })) {
    const { job, source, output } = JSON.parse(line);
    const written = { stdout: [], stderr: [] };
    const text = stream => Buffer.concat(written[stream]).toString();
    let size = 0;
    const into = stream => piece => {
      const bytes = Buffer.from(piece);
      size += bytes.length;
      if (size > output) {
        // The program cannot be ended from here but with everything else: the next one gets a new node.
        say({ job, stdout: '', stderr: '', status: 1, over: true });
        process.exit(1);
      }
      written[stream].push(bytes);
    };
    const status = await run(source, into('stdout'), into('stderr'));
    say({ job, stdout: text('stdout'), stderr: text('stderr'), status });
  }
}
