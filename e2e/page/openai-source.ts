import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { build } from 'esbuild';
import { chatModelFiles } from '../../sdk/chat/testing/chat-model.ts';
import type { ClientAnswers } from './openai-calls.ts';

/** {@link openai-calls.ts} with the official client, bundled into a script that makes the global `openaiCalls`. */
export async function openaiSource(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./openai-calls.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'openaiCalls',
    external: ['/dist/*'],
  });
  return outputFiles[0].text;
}

/** The files of a model that chats in form, as text for a page. */
export function chatModelTexts(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(chatModelFiles()).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  );
}

/** That the client was given what it asked for. */
export function expectAnswers(answers: ClientAnswers): void {
  const { answer, pieces, parsed, calls, ran, embedding, error, completion, models, afterwards } = answers;
  expect(models).toEqual(['local']);
  expect(answer).toMatchObject({ object: 'chat.completion', model: 'local', choices: [{ index: 0 }] });
  const text = answer.choices[0].message.content;
  expect(text).toMatch(/./s);
  expect(pieces.join('')).toBe(text);
  expect(pieces.length, 'arrived in pieces').toBeGreaterThan(5);
  expect(Object.keys(parsed as object)).toEqual(['day', 'hour']);
  expect(calls.length).toBeGreaterThan(0);
  for (const call of [...calls.map(({ arguments: given }) => given), ...ran])
    expect(['Oslo', 'Rome']).toContain((call as { place: string }).place);
  expect(ran).toHaveLength(1);
  expect(embedding).toHaveLength(64);
  expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
  expect(error).toEqual({ status: 404, code: 'model_not_found' });
  expect(completion).toMatch(/./s);
  expect(afterwards).toBe(text);
}
