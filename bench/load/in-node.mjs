// Under Node: from a folder, from a local server, through the weight cache, into the WASM engine as q8 and f32. Every run
// is a process of its own.

import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCheckpoint } from './make-checkpoint.mjs';

/** @param {number} runs of each case */
export async function measureInNode(runs) {
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-load-'));
  const model = join(folder, 'model');
  const cache = join(folder, 'cache');
  makeCheckpoint(model);
  const server = createServer((request, response) => {
    const path = join(model, new URL(request.url, 'http://x').pathname.slice(1));
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return void response.writeHead(404).end();
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(first);
    const end = Math.min(last === '' ? size - 1 : Number(last), size - 1);
    response.writeHead(206, {
      ETag: '"1"',
      'Content-Length': end + 1 - start,
      'Content-Range': `bytes ${start}-${end}/${size}`,
    });
    createReadStream(path, { start, end }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;

  const cases = [
    ['folder, read only', [model, 'read']],
    ['server, read only', [url, 'read']],
    ['server, filling the cache', [url, 'read', '1', cache]],
    ['cache, read only', [url, 'read', '1', cache]],
    ['folder to q8', [model, 'q8']],
    ['folder to f32', [model, 'f32']],
  ];
  const rows = [];
  for (const [name, args] of cases) {
    const results = [];
    for (let run = 0; run < runs; run++) {
      if (name.includes('filling')) rmSync(cache, { recursive: true, force: true });
      results.push(await loadOnce(args));
    }
    const summary = (metric, unit, value) => {
      const values = results.map(value).sort((a, b) => a - b);
      const row = {
        suite: 'load',
        case: `498 MB f32, Node, ${name}`,
        subject: 'gptlet',
        metric,
        unit,
        median: values[values.length >> 1],
        min: values[0],
        max: values.at(-1),
        runs,
      };
      rows.push(row);
      return `${metric} ${row.median.toFixed(1)} ${unit} (${row.min.toFixed(1)} to ${row.max.toFixed(1)})`;
    };
    console.log(
      `${name}: ${summary('time', 's', ({ ms }) => ms / 1000)}, ${summary('peak over model', 'MB', ({ peakBytes, modelBytes }) => (peakBytes - modelBytes) / 1e6)}, model ${(results[0].modelBytes / 1e6).toFixed(0)} MB`,
    );
  }
  server.close();
  rmSync(folder, { recursive: true, force: true });
  return rows;
}

/** A load in a process of its own. @param {string[]} args source, dtype or 'read', threads (1), folder of a cache (none) */
export function loadOnce(args) {
  const child = spawn(process.execPath, [join(dirname(fileURLToPath(import.meta.url)), 'load-once.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  return new Promise((resolve, reject) =>
    child.on('exit', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`${args.join(' ')} ended with code ${code}`)),
    ),
  );
}
