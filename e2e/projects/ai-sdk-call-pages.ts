import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import type { AiSdkCalls } from './ai-sdk-calls.ts';
import { packedPages } from './packed-pages.ts';

const calls = 'ai-sdk-calls.ts';

/** Pages of scripts, and `ai-sdk-calls.html`, whose function `calls` has all of {@link AiSdkCalls} made. */
export const aiSdkCallPages = (
  files: Readonly<Record<string, string>> = {},
  entries: readonly string[] = [],
): ReturnType<typeof packedPages> =>
  packedPages(
    { ...files, [calls]: readFileSync(new URL(calls, import.meta.url), 'utf8') },
    [...entries, calls],
    Object.fromEntries(Object.entries(chatModelFiles()).map(([name, bytes]) => [`chat-model/${name}`, bytes])),
  );

/** What must come of the calls in every browser. */
export function expectCalls(found: AiSdkCalls): void {
  expect(found.text).not.toBe('');
  expect(found.streamed).toBe(found.text);
  expect(found.outputTokens).toBe(12);
  expect(found.object).toEqual({ kind: expect.stringMatching(/^(cat|dog)$/), legs: expect.any(Number) });
  expect(found.toolInputs).toEqual([{ place: expect.stringMatching(/^(Oslo|Rome)$/) }]);
  expect(found.steps.map(({ finishReason }) => finishReason)[0]).toBe('tool-calls');
  // The prompt of the second step begins as the first one's does.
  expect(found.steps[1].cacheReadTokens).toBeGreaterThan(300);
  expect(found.reasoning).not.toBe('');
  expect(found.aborted).toEqual(['abort', 'TimeoutError']);
  expect(found.widths).toEqual([64, 64]);
}

/** Runs in the page. */
export const makeCalls = (): Promise<AiSdkCalls> => (globalThis as unknown as { calls(): Promise<AiSdkCalls> }).calls();
