import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import sirv from 'sirv';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { testPage } from './test-page.mjs';

/** testharness.js's numbers for how a test ended. */
const statuses = ['pass', 'fail', 'timeout', 'not run', 'precondition failed'];
/** A test that says nothing for so long hangs. */
const limitMs = 60_000;

/**
 * Runs the web-platform tests under a folder in Chromium, with gptlet's LanguageModel.
 *
 * @param {string} wpt a checkout of web-platform-tests/wpt
 * @param {string} folder of tests in it
 * @returns {Promise<{ file: string, name: string, status: string, message: string }[]>}
 */
export async function runTests(wpt, folder) {
  const files = readdirSync(join(wpt, folder), { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.window.js'))
    .sort();
  const server = await serveTests(wpt);
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--js-flags=--expose-gc'],
  });
  const results = [];
  try {
    for (const file of files) {
      const page = await browser.newPage();
      await page.exposeFunction('click', () => page.mouse.click(1, 1));
      // Not by evaluating something in the page, which would count as a sign of the user.
      const reported = new Promise((resolve) => page.exposeFunction('report', resolve));
      await page.goto(`${server.url}/${folder}/${file.replace(/\.js$/, '.html')}`);
      const whole = await Promise.race([reported, silence()]);
      const tests = whole.tests.length > 0 ? whole.tests : [{ name: file, status: 1, message: whole.message }];
      for (const { name, status, message } of tests)
        results.push({ file, name, status: statuses[status], message: message ?? '' });
      await page.context().close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  return results;
}

/** What there is of a test that never reported. */
const silence = () =>
  new Promise((resolve) => {
    setTimeout(resolve, limitMs, { status: 2, message: `nothing for ${limitMs / 1000} s`, tests: [] }).unref();
  });

/** Tests and their resources from `wpt`, pages around them, and the built package. localhost is a secure context without https. */
async function serveTests(wpt) {
  const files = sirv(wpt, { dev: true });
  const places = { '/gptlet-dist': 'dist', '/gptlet-wpt': 'eval/wpt', '/models': 'models' };
  const own = Object.fromEntries(Object.entries(places).map(([path, place]) => [path, sirv(place, { dev: true })]));
  const server = createServer((request, response) => {
    const [path] = request.url.split('?');
    const notFound = () => response.writeHead(404).end();
    if (path.endsWith('.window.html')) {
      const test = path.replace(/\.html$/, '.js');
      const page = testPage(test, readFileSync(join(wpt, test), 'utf8'));
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
      return;
    }
    const prefix = Object.keys(own).find((each) => path.startsWith(`${each}/`));
    if (!prefix) return files(request, response, notFound);
    request.url = path.slice(prefix.length);
    own[prefix](request, response, notFound);
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return { url: `http://localhost:${server.address().port}`, close: () => server.close() };
}
