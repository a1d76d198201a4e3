import type { BrowserContext } from '@playwright/test';

/** Has the hub serve these files, of whichever model is asked for: it cannot be reached from a test. */
export async function serveHub(context: BrowserContext, files: Record<string, Uint8Array>): Promise<void> {
  await context.route('https://huggingface.co/**', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
    if (name in files) await route.fulfill({ headers, body: Buffer.from(files[name]) });
    else await route.fulfill({ headers, status: 404 });
  });
}
