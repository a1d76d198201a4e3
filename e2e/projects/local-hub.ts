import type { BrowserContext } from '@playwright/test';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';

/** Always the same answers, and none of them empty. */
const generationConfig = { do_sample: false, min_new_tokens: 20 };

/** Has the hub, which no test can reach, serve a small model that chats in form, whichever it is asked for. */
export async function serveHub(context: BrowserContext): Promise<void> {
  const files: Record<string, Uint8Array> = {
    ...chatModelFiles(),
    'generation_config.json': new TextEncoder().encode(JSON.stringify(generationConfig)),
  };
  await context.route('https://huggingface.co/**', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
    if (name in files) await route.fulfill({ headers, body: Buffer.from(files[name]) });
    else await route.fulfill({ headers, status: 404 });
  });
}
