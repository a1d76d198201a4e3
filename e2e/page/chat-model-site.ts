import type { BrowserContext } from '@playwright/test';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';

/** Serves a tiny model that can chat under `/chat-model/`, as a hub's folder. */
export async function serveChatModel(context: BrowserContext, change: Record<string, unknown> = {}): Promise<void> {
  const files = chatModelFiles(change);
  await context.route('**/chat-model/*', (route) => {
    const name = new URL(route.request().url()).pathname.split('/').pop() ?? '';
    return name in files ? route.fulfill({ body: Buffer.from(files[name]) }) : route.fulfill({ status: 404 });
  });
}
