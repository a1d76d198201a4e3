import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import type { ChatModel } from '../loaded-model/chat-options.ts';
import { chatOptionsOf } from './chat-options-of.ts';
import { scriptedModel } from './testing/scripted-model.ts';

function optionsOf(
  call: Omit<LanguageModelV4CallOptions, 'prompt'>,
  model: ChatModel = scriptedModel([]),
): { options: object; warnings: SharedV4Warning[] } {
  const warnings: SharedV4Warning[] = [];
  const options = chatOptionsOf({ prompt: [], ...call }, model, (warning) => warnings.push(warning));
  return { options, warnings };
}

const withTemplates = (templates: Record<string, string>): ChatModel =>
  Object.assign(scriptedModel([]), { chatFormat: { templates, tokens: {} } });

describe('options of a call', () => {
  it('are those of chat, under its names', () => {
    const { signal } = new AbortController();
    const { options, warnings } = optionsOf({
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stopSequences: ['\n'],
      seed: 7,
      abortSignal: signal,
      headers: { 'x-of': 'no meaning here' },
      responseFormat: { type: 'text' },
    });
    expect(options).toEqual({
      maxNewTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stop: ['\n'],
      seed: 7,
      signal,
    });
    expect(warnings).toEqual([]);
  });

  it('are none where none were given', () => {
    expect(optionsOf({})).toEqual({ options: {}, warnings: [] });
  });

  it('make a constraint of a schema, and of JSON without one', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } } as const;
    expect(optionsOf({ responseFormat: { type: 'json', schema } }).options).toEqual({
      constraint: { jsonSchema: schema },
    });
    expect(optionsOf({ responseFormat: { type: 'json' } }).options).toEqual({ constraint: { jsonSchema: {} } });
  });

  it('take what the AI SDK has no name for from providerOptions.gptlet; its own names win', () => {
    const gptlet = { minP: 0.05, template: 'plain', temperature: 1, constraint: { regex: 'a+' } };
    expect(optionsOf({ temperature: 0, providerOptions: { gptlet, openai: { user: 'x' } } }).options).toEqual({
      minP: 0.05,
      template: 'plain',
      temperature: 0,
      constraint: { regex: 'a+' },
    });
    const json = { type: 'json', schema: { type: 'string' } } as const;
    expect(optionsOf({ responseFormat: json, providerOptions: { gptlet } }).options).toMatchObject({
      constraint: { jsonSchema: { type: 'string' } },
    });
  });

  it.each([
    ['provider-default', {}, 0],
    ['none', { thinking: false }, 0],
    ['low', { thinking: true }, 1],
    ['max', { thinking: true }, 1],
  ] as const)('reasoning %s is %o', (reasoning, options, count) => {
    const seen = optionsOf({ reasoning });
    expect(seen.options).toEqual(options);
    expect(seen.warnings).toHaveLength(count);
    for (const warning of seen.warnings) expect(warning).toMatchObject({ type: 'compatibility', feature: 'reasoning' });
  });

  it('warn where a template cannot switch thinking, and leave it alone', () => {
    const model = withTemplates({ default: '{{ messages }}', other: '{% if enable_thinking %}…{% endif %}' });
    expect(optionsOf({ reasoning: 'none' }, model)).toEqual({ options: { thinking: false }, warnings: [] });
    for (const template of ['default', 'plain']) {
      const { options, warnings } = optionsOf({ reasoning: 'high', providerOptions: { gptlet: { template } } }, model);
      expect(options).toEqual({ template });
      expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'reasoning' }]);
    }
  });

  it('let providerOptions.gptlet.thinking win over reasoning', () => {
    expect(optionsOf({ reasoning: 'none', providerOptions: { gptlet: { thinking: true } } }).options).toEqual({
      thinking: true,
    });
  });

  const add = {
    type: 'function',
    name: 'add',
    description: 'Adds.',
    inputSchema: { type: 'object', properties: { x: { type: 'number' } } },
  } as const;

  it('have tools that nobody runs here', () => {
    expect(optionsOf({ tools: [{ ...add, strict: true }] })).toEqual({
      options: { tools: { add: { description: 'Adds.', parameters: add.inputSchema } } },
      warnings: [],
    });
  });

  it.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [{ type: 'tool', toolName: 'add' }, { tool: 'add' }],
  ] as const)('have the choice %o as %o', (toolChoice, expected) => {
    expect(optionsOf({ tools: [add], toolChoice }).options).toMatchObject({ toolChoice: expected });
  });

  it('have no choice where there are no tools', () => {
    expect(optionsOf({ toolChoice: { type: 'auto' } }).options).toEqual({});
  });

  it('warn of tools that run elsewhere, and of examples', () => {
    const search = { type: 'provider', id: 'other.search', name: 'search', args: {} } as const;
    const { options, warnings } = optionsOf({
      tools: [search, { ...add, inputExamples: [{ input: { x: 1 } }] }],
      toolChoice: { type: 'required' },
    });
    expect(options).toMatchObject({ tools: { add: { description: 'Adds.' } }, toolChoice: 'required' });
    expect(Object.keys((options as { tools: object }).tools)).toEqual(['add']);
    expect(warnings).toMatchObject([
      { type: 'unsupported', feature: 'provider tool other.search' },
      { type: 'unsupported', feature: 'input examples of the tool add' },
    ]);
    expect(optionsOf({ tools: [search], toolChoice: { type: 'required' } }).options).toEqual({});
  });
});
