// Runs in the page, bundled by openai-source.ts: the official client, unchanged, with a model of the page behind its `fetch`.
import OpenAI from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';

/** What the client was given. */
export interface ClientAnswers {
  readonly models: readonly string[];
  readonly answer: OpenAI.ChatCompletion;
  /** The same answer, streamed. */
  readonly pieces: readonly string[];
  readonly parsed: unknown;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  /** What the function was called with when the client ran the tools. */
  readonly ran: readonly unknown[];
  readonly embedding: readonly number[];
  readonly error: { readonly status: number; readonly code: string | null };
  readonly completion: string;
  /** Of the answer that came after the client had left a stream. */
  readonly afterwards: string | null;
}

const appointment = z.object({ day: z.enum(['Monday', 'Friday']), hour: z.number().int().min(0).max(23) });
const parameters = z.object({ place: z.enum(['Oslo', 'Rome']) });

/** @param files of a model that chats, each as base64 */
export async function callEverything(files: Readonly<Record<string, string>>): Promise<ClientAnswers> {
  const { loadModel } = await import('/dist/index.js' as string);
  const { createOpenAIHandler } = await import('/dist/openai.js' as string);
  const bytes = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]),
  );
  const handler = createOpenAIHandler({ models: { local: () => loadModel(bytes, { backend: 'wasm' }) } });
  const client = new OpenAI({
    baseURL: 'http://localhost/v1',
    apiKey: 'none',
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    fetch: (url, init) => handler(new Request(url, init)),
  });
  const body = { model: 'local', messages: [{ role: 'user', content: 'Hello!' }], seed: 3 } as const;
  const asked = { ...body, messages: [...body.messages], max_completion_tokens: 40 };
  const formed = { ...asked, max_completion_tokens: 200 };

  const models: string[] = [];
  for await (const { id } of client.models.list()) models.push(id);

  const answer = await client.chat.completions.create(asked);
  const pieces: string[] = [];
  for await (const { choices } of await client.chat.completions.create({ ...asked, stream: true }))
    pieces.push(choices[0].delta.content ?? '');

  const object = await client.chat.completions.parse({
    ...formed,
    response_format: zodResponseFormat(appointment, 'appointment'),
  });

  const ran: unknown[] = [];
  const weather = zodFunction({ name: 'weather', parameters, function: (given) => ran.push(given) });
  const { choices } = await client.chat.completions.parse({ ...formed, tools: [weather], tool_choice: 'required' });
  const calls = (choices[0].message.tool_calls ?? []).map(({ function: { name, parsed_arguments } }) => ({
    name,
    arguments: parsed_arguments,
  }));
  const runner = client.chat.completions.runTools({
    ...formed,
    tools: [weather],
    tool_choice: { type: 'function', function: { name: 'weather' } },
  });
  await runner.done();

  const { data } = await client.embeddings.create({ model: 'local', input: 'Hello!' });
  const error = await client.chat.completions
    .create({ ...asked, model: 'another' })
    .catch(({ status, code }) => ({ status, code }));
  const { choices: texts } = await client.completions.create({
    model: 'local',
    prompt: 'Once',
    max_tokens: 5,
    seed: 1,
  });

  for await (const _ of await client.chat.completions.create({ ...formed, stream: true })) break;
  const next = await client.chat.completions.create(asked);
  return {
    models,
    answer,
    pieces,
    parsed: appointment.parse(object.choices[0].message.parsed),
    calls,
    ran,
    embedding: data[0].embedding,
    error: error as ClientAnswers['error'],
    completion: texts[0].text,
    afterwards: next.choices[0].message.content,
  };
}
