import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from '../serving.ts';
import { page as app, expectStream } from './expected-tokens.ts';

test.use({ expectedErrors: /Worker/ });

test('a plain page streams from the single file of another origin, as from a CDN', async ({ page }) => {
  // A CDN sends this header; a worker of another origin cannot be constructed all the same.
  const cdn = await serve('.', { isolated: false, headers: { 'Access-Control-Allow-Origin': '*' } });
  const script = app.script.replace("'gptlet'", `'${cdn.url}/dist/gptlet.single.js'`);
  const html = app.html(`<script type="module">${script}</script>`);
  const server = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));

  const requested: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  await expectStream(page, `http://localhost:${(server.address() as AddressInfo).port}`);
  // The workers' files are asked for first. What only constraints need lies beside the single file.
  const code = requested.filter(
    (path) => /^\/dist\/.*\.js$/.test(path) && !/\/worker-(generate|generate-wasm|constraint)\.js$/.test(path),
  );
  expect(code).toEqual(['/dist/gptlet.single.js', '/dist/worker-constraint-inline.js']);

  server.close();
  await cdn.close();
});
