import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { LoadedModel } from '../../loaded-model/loaded-model.ts';
import type { Tools } from '../../loaded-model/tool.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { AnswerWriter } from '../answer-writer.ts';
import { ModelCallWriter } from '../model-call-writer.ts';
import { readTools } from '../read-tools.ts';
import { chatModelFiles } from '../testing/chat-model.ts';
import { declaredOnly } from './json-call.ts';
import { notationOf } from './notations.ts';
import {
  type ReadBack,
  readGemma,
  readHermes,
  readLlama,
  readMistralList,
  readMistralNamed,
  readPythonic,
  readQwenXml,
} from './testing/read-back.ts';

/** Conversations, and those of them of which the text is read back too. */
const [SEEDS, READ] = process.env.GPTLET_EVERY_TEST ? [200, 200] : [5, 2];

/** The piece of a template by which its notation is known, special tokens of it, and what reads it. */
const families: Record<string, readonly [mark: string, special: readonly string[], ReadBack]> = {
  hermes: ['<tool_call>', ['<tool_call>', '</tool_call>'], readHermes],
  'hermes without tokens': ['<tool_call>', [], readHermes],
  qwenXml: ['<tool_call><function=', ['<tool_call>', '</tool_call>'], readQwenXml],
  llama: ['<|python_tag|>', ['<|python_tag|>'], readLlama],
  lfm2: ['<|tool_call_start|>', ['<|tool_call_start|>', '<|tool_call_end|>'], readPythonic],
  pythonic: ['[func_name1()]', [], readPythonic],
  functionGemma: [
    '<start_function_call>',
    ['<start_function_call>', '<escape>', '<end_function_call>'],
    readGemma('<start_function_call>', '<escape>', '<end_function_call>'),
  ],
  gemma4: [
    '<|tool_call>call:',
    ['<|tool_call>', '<|"|>', '<tool_call|>'],
    readGemma('<|tool_call>', '<|"|>', '<tool_call|>'),
  ],
  mistralList: ['[TOOL_CALLS]', ['[TOOL_CALLS]'], readMistralList],
  mistralNamed: ['[TOOL_CALLS]x[ARGS]', ['[TOOL_CALLS]', '[ARGS]'], readMistralNamed],
  mistralWithId: ['[TOOL_CALLS]x[CALL_ID]y[ARGS]', ['[TOOL_CALLS]', '[ARGS]', '[CALL_ID]'], readMistralNamed],
};

const tools: Tools = {
  weather: {
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer', minimum: 1, maximum: 12 },
        unit: { enum: ['c', 'ce', 'celsius'] },
        hourly: { type: 'boolean' },
        height: { type: 'number' },
      },
      required: ['city', 'unit'],
    },
  },
  weather_map: {
    parameters: {
      type: 'object',
      properties: {
        area: { $ref: '#/$defs/area' },
        layers: { type: 'array', maxItems: 2, items: { enum: ['rain', 'wind'] } },
        note: { type: ['string', 'null'], maxLength: 4 },
      },
      required: ['area'],
      $defs: {
        area: {
          type: 'object',
          properties: { x: { type: 'integer' }, wide: { type: 'boolean' }, inner: { $ref: '#/$defs/area' } },
          required: ['x'],
          additionalProperties: false,
        },
      },
    },
  },
  now: {},
};
const named = readTools(tools);

/** A model with seeded weights, whose template and tokens are of a family. */
function load(mark: string, special: readonly string[]): Promise<LoadedModel> {
  const template = `{%- if tools %}{{- '${mark}' }}{%- endif %}{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{%- endfor %}{{- '<|im_start|>assistant\\n' }}`;
  const files = chatModelFiles({ chat_template: template });
  const tokenizer = JSON.parse(new TextDecoder().decode(files['tokenizer.json']));
  // Its own tokens of calls and thoughts make place; what is left of them stays out of the way.
  for (const [i, token] of tokenizer.added_tokens.slice(3).entries())
    Object.assign(token, special[i] ? { content: special[i], special: true } : { content: `<unused${i}>` });
  files['tokenizer.json'] = new TextEncoder().encode(JSON.stringify(tokenizer));
  return loadModelHere(files, {
    backend: 'wasm',
    dtype: 'f32',
    threads: 1,
    cache: false,
    hub: undefined,
    contextLength: undefined,
  });
}

const ajv = new Ajv2020({ strict: false });
const validators = new Map(named.map(({ name, parameters }) => [name, ajv.compile(declaredOnly(parameters))]));

function expectValid(name: string, values: unknown): void {
  const valid = validators.get(name);
  expect(valid?.(values), `${name} ${JSON.stringify(values)}: ${ajv.errorsText(valid?.errors)}`).toBe(true);
}

describe('a model with seeded weights writes calls that parse, and fit their schemas', () => {
  it.each(Object.entries(families))(
    '%s',
    async (_, [mark, special, readBack]) => {
      const model = await load(mark, special);
      const { notation } = notationOf(model.chatFormat.templates.default);
      const maxNewTokens = 3500;
      const [begin] = notation.begins;
      for (let seed = 0; seed < SEEDS; seed++) {
        const { toolCalls, finishReason } = await model.chat([{ role: 'user', content: `Call ${seed}!` }], {
          tools,
          toolChoice: 'required',
          parallelToolCalls: seed % 2 === 0,
          seed,
          maxNewTokens,
        });
        expect(finishReason).toBe('tool-calls');
        for (const call of toolCalls) expectValid(call.name, call.arguments);
        if (seed >= READ) continue;

        const prompt = model.tokenizer.encode(`Call ${seed}!`);
        const answer = new AnswerWriter(model, prompt, { seed }, maxNewTokens, new AbortController().signal);
        answer.force(begin);
        const calls = await notation.write(new ModelCallWriter(answer), begin, named);
        answer.end();
        expect(model.tokenizer.decode(answer.tokenIds.subarray(prompt.length))).toBe(answer.text);
        const read = readBack(answer.text);
        expect(read.map(({ name }) => name)).toEqual(calls.map(({ name }) => name));
        for (const [i, call] of calls.entries()) {
          expectValid(call.name, call.arguments);
          if (!read[i].texts) expect(read[i].arguments).toEqual(call.arguments);
        }
        for (const token of special.slice(1)) {
          const id = model.tokenizer.specialTokens.get(token) as number;
          // Those tokens are there as tokens, and nowhere spelt out.
          expect(answer.tokenIds.filter((each) => each === id).length).toBe(answer.text.split(token).length - 1);
        }
      }
      await model.dispose();
    },
    SEEDS * 10_000,
  );
});
