import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { functionGemma, gemma4 } from './gemma.ts';
import { hermes } from './hermes.ts';
import { declaredOnly } from './json-call.ts';
import { llama } from './llama.ts';
import { mistralList, mistralNamed, mistralWithId } from './mistral.ts';
import { lfm2, pythonic } from './pythonic.ts';
import { qwenXml } from './qwen-xml.ts';
import { randomCallWriter } from './testing/random-call-writer.ts';
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
import { tools } from './testing/tools.ts';
import type { ToolNotation } from './tool-notation.ts';

const SEEDS = 200;

const notations: Record<string, readonly [ToolNotation, ReadBack]> = {
  hermes: [hermes, readHermes],
  llama: [llama, readLlama],
  mistralList: [mistralList, readMistralList],
  mistralNamed: [mistralNamed, readMistralNamed],
  mistralWithId: [mistralWithId, readMistralNamed],
  qwenXml: [qwenXml, readQwenXml],
  pythonic: [pythonic, readPythonic],
  lfm2: [lfm2, readPythonic],
  functionGemma: [functionGemma, readGemma('<start_function_call>', '<escape>', '<end_function_call>')],
  gemma4: [gemma4, readGemma('<|tool_call>', '<|"|>', '<tool_call|>')],
};

const ajv = new Ajv2020({ strict: false, formats: { date: /^\d{4}-\d{2}-\d{2}$/ } });
const validators = new Map(tools.map(({ name, parameters }) => [name, ajv.compile(declaredOnly(parameters))]));

describe('calls that a random model writes parse, and fit their schemas', () => {
  it.each(Object.entries(notations))('%s', async (_, [notation, readBack]) => {
    const met = new Set<string>();
    for (let seed = 0; seed < SEEDS; seed++) {
      const writer = randomCallWriter(seed);
      const begin = notation.begins[seed % notation.begins.length];
      const callable = seed % 3 === 0 ? [tools[seed % tools.length]] : tools;
      const calls = await notation.write(writer, begin, callable);
      const text = begin + writer.pieces.join('');
      const read = readBack(text);
      expect(read.map(({ name }) => name)).toEqual(calls.map(({ name }) => name));
      for (const [i, call] of calls.entries()) {
        met.add(call.name);
        const valid = validators.get(call.name);
        expect(valid?.(call.arguments), `${text}: ${ajv.errorsText(valid?.errors)}`).toBe(true);
        const { texts } = read[i];
        if (!texts) expect(call.arguments).toEqual(read[i].arguments);
        else
          for (const [name, value] of Object.entries(call.arguments))
            if (texts[name] !== value) expect(JSON.parse(texts[name])).toEqual(value);
        if (texts) expect(Object.keys(texts)).toEqual(Object.keys(call.arguments));
      }
    }
    expect(met.size).toBe(tools.length);
  });
});

describe('a list', () => {
  it.each([mistralList, pythonic, lfm2])('has one call where no more may come', async (notation) => {
    for (let seed = 0; seed < 20; seed++)
      expect(await notation.write(randomCallWriter(seed), notation.begins[0], tools, false)).toHaveLength(1);
  });
});
