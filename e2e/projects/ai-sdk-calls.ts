// A page's script: the own calls of `ai` to a model in the page, each once.
import { embedMany, generateText, isStepCount, Output, streamText, tool } from 'ai';
import { createGptlet } from 'gptlet/ai-sdk';
import { z } from 'zod';

/** What came of them. */
export interface AiSdkCalls {
  readonly text: string;
  readonly streamed: string;
  readonly outputTokens: number | undefined;
  readonly object: unknown;
  readonly toolInputs: readonly unknown[];
  readonly steps: readonly { readonly finishReason: string; readonly cacheReadTokens: number | undefined }[];
  readonly reasoning: string;
  readonly aborted: readonly string[];
  readonly widths: readonly number[];
}

const gptlet = createGptlet({ backend: 'wasm', cache: false });
const model = gptlet(new URL('chat-model/', location.href).href);
const shortly = { prompt: 'Hello!', maxOutputTokens: 12, seed: 4 };

async function calls(): Promise<AiSdkCalls> {
  const { text, usage } = await generateText({ model, ...shortly });
  let streamed = '';
  for await (const piece of streamText({ model, ...shortly }).textStream) streamed += piece;

  const schema = z.object({ kind: z.enum(['cat', 'dog']), legs: z.number().int().min(0).max(9) });
  const { output } = await generateText({ model, prompt: 'Which?', output: Output.object({ schema }), seed: 1 });

  const toolInputs: unknown[] = [];
  const weather = tool({
    inputSchema: z.object({ place: z.enum(['Oslo', 'Rome']) }),
    execute: (input) => void toolInputs.push(input),
  });
  const { steps } = await generateText({
    model,
    ...shortly,
    maxOutputTokens: 60,
    tools: { weather },
    prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'auto' }),
    stopWhen: isStepCount(2),
    providerOptions: { gptlet: { parallelToolCalls: false } },
  });

  const thought = streamText({ model, ...shortly, reasoning: 'high', output: Output.json() });
  let reasoning = '';
  for await (const part of thought.stream) if (part.type === 'reasoning-delta') reasoning += part.text;

  const stop = new AbortController();
  const endless = { ...shortly, maxOutputTokens: 3000, providerOptions: { gptlet: { minNewTokens: 3000 } } };
  const aborted: string[] = [];
  for await (const part of streamText({ model, ...endless, abortSignal: stop.signal }).stream) {
    if (part.type === 'text-delta') stop.abort();
    if (part.type === 'abort') aborted.push(part.type);
  }
  const late = AbortSignal.timeout(50);
  await generateText({ model, ...endless, abortSignal: late }).catch((error: Error) => aborted.push(error.name));

  const { embeddings } = await embedMany({ model: gptlet.embeddingModel(model.modelId), values: ['a cat', 'a dog'] });
  await gptlet.dispose();
  return {
    text,
    streamed,
    outputTokens: usage.outputTokens,
    object: output,
    toolInputs,
    steps: steps.map(({ finishReason, usage }) => ({
      finishReason,
      cacheReadTokens: usage.inputTokenDetails.cacheReadTokens,
    })),
    reasoning,
    aborted,
    widths: embeddings.map(({ length }) => length),
  };
}

Object.assign(globalThis, { calls });
