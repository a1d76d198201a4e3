// A page with the elements of dist/, and models that say what they are told to say.
import type { Page } from '@playwright/test';
import { build } from 'esbuild';
import type { CompletingModel, GptletChat, GptletClassify, GptletComplete } from '../../sdk/elements.ts';
import { test as base } from '../shared-page.ts';

/** What a page forbids itself without forbidding the elements anything. */
const policy =
  "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; " +
  "img-src data:; style-src 'nonce-page'; require-trusted-types-for 'script'; trusted-types gptlet";

const style = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
  body { margin: 1rem; background: light-dark(#f7f6f3, #15161a); color: light-dark(#1d1e22, #eceae6); }
  main { display: grid; gap: 1.5rem; max-width: 46rem; margin-inline: auto; }
`;

let scripts: Promise<string> | undefined;

/** The scripted model of the unit tests, for pages. */
const scriptedModel = (): Promise<string> =>
  (scripts ??= build({
    entryPoints: ['sdk/elements/testing/scripted-model.ts'],
    bundle: true,
    format: 'esm',
    write: false,
  }).then(({ outputFiles }) => outputFiles[0].text));

export interface Elements {
  /** Opens a page with this in its main; `window.scripted` and `window.words` make models. */
  open(html: string, attributes?: string): Promise<void>;
}

/** Playwright's test with a page of elements. */
export const test = base.extend<Elements>({
  // A worker is tried by its address first, which Trusted Types refuse; a checkpoint's optional files are asked for.
  expectedErrors: /TrustedScriptURL|status of 404/,
  open: async ({ page }, use) => {
    const code = await scriptedModel();
    await page.route('**/scripted-model.js', (route) => route.fulfill({ contentType: 'text/javascript', body: code }));
    await use(async (html, attributes = 'lang="en"') => {
      await page.setViewportSize({ width: 1280, height: 720 });
      const body = `<!doctype html><html ${attributes}><head><meta charset="utf-8"><title>Elements</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
        <style nonce="page">${style}</style><script type="module">
          import { scriptedModel, words } from '/scripted-model.js';
          import '/dist/elements.js';
          Object.assign(window, { scriptedModel, words, ready: true });
        </script></head><body><main><h1>Elements</h1>${html}</main></body></html>`;
      await page.route('**/elements.html', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body,
          headers: {
            'content-security-policy': policy,
            'cross-origin-opener-policy': 'same-origin',
            'cross-origin-embedder-policy': 'require-corp',
          },
        }),
      );
      await page.goto('/elements.html');
      await page.waitForFunction(() => 'ready' in window);
    });
  },
});

export const chat = (page: Page, change: (chat: GptletChat) => void): Promise<void> =>
  page.locator('gptlet-chat').evaluate(change as (element: HTMLElement) => void);

export { expect } from '../serving.ts';
export type { CompletingModel, GptletChat, GptletClassify, GptletComplete };
