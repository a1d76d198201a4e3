// `npm start` as a developer runs it, on a tree that is built already.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0)) await step();
});

/** Starts `npm start`'s script; `until` resolves with its output once that matches or the script ends. */
function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args], { env: { ...process.env, ...env } });
  cleanUp.push(() => child.kill());
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (pattern.test(output)) resolve(output);
      });
      void ended.then(() => resolve(output));
    });
  return { until, ended };
}

/** Keeps a port busy. */
async function occupyPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  cleanUp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('npm start -- --once completes a text and ends', async () => {
  const { until, ended } = start(['--once']);
  expect(await until(/$^/)).toMatch(/Once upon a time\W+\w+ \w+ \w+/);
  expect(await ended).toBe(0);
});

test('npm start serves the demos, isolated, on the next port when its own is busy', async () => {
  const busy = await occupyPort();
  const output = await start([], { PORT: String(busy) }).until(/Demos: \S+/);
  const [, address] = /Demos: (\S+)/.exec(output) ?? [];
  expect(Number(new URL(address).port)).toBeGreaterThan(busy);
  const response = await fetch(address);
  expect(response.status).toBe(200);
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(await response.text()).toContain('Playground');
});

test('the server hands out no file outside its folder and no hidden one', async () => {
  const site = await serve('demos');
  cleanUp.push(site.close);
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json']) {
    expect((await fetch(site.url + path)).status, path).toBe(404);
  }
  const root = await serve('.');
  cleanUp.push(root.close);
  expect((await fetch(`${root.url}/.npmrc`)).status).toBe(404);
  expect((await fetch(`${root.url}/package.json`)).status).toBe(200);
});
