import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput, SharedV4Warning } from '@ai-sdk/provider';
import { UnsupportedFunctionalityError } from 'ai';
import { describe, expect, it } from 'vitest';
import { promptMessages } from './prompt-messages.ts';

/** The messages of a prompt about which nothing is to be said. */
const messagesOf = (...prompt: LanguageModelV4Prompt): ReturnType<typeof promptMessages> =>
  promptMessages(prompt, (warning) => expect.unreachable(JSON.stringify(warning)));

const call = { type: 'tool-call', toolCallId: 'a', toolName: 'add', input: { x: 1 } } as const;
const result = { type: 'tool-result', toolCallId: 'a', toolName: 'add', output: { type: 'text', value: '2' } } as const;

describe('a prompt', () => {
  it('keeps its texts, as they are and in their order', () => {
    expect(
      messagesOf(
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hello,' },
            { type: 'text', text: ' you!' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Greet ' },
            { type: 'reasoning', text: 'back.' },
            { type: 'text', text: 'Hello.' },
          ],
        },
      ),
    ).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hello,' },
          { type: 'text', text: ' you!' },
        ],
      },
      { role: 'assistant', content: 'Hello.', reasoning: 'Greet back.' },
    ]);
  });

  it('has calls in the message that made them, results in messages of their own', () => {
    const second = { ...call, toolCallId: 'b' };
    expect(
      messagesOf(
        { role: 'assistant', content: [{ type: 'text', text: 'I add.' }, call, second] },
        { role: 'tool', content: [result, { ...result, toolCallId: 'b' }] },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: 'I add.',
        toolCalls: [
          { id: 'a', name: 'add', arguments: { x: 1 } },
          { id: 'b', name: 'add', arguments: { x: 1 } },
        ],
      },
      { role: 'tool', toolCallId: 'a', content: '2' },
      { role: 'tool', toolCallId: 'b', content: '2' },
    ]);
  });

  it('takes a turn apart in which a server called and answered', () => {
    const second = { ...call, toolCallId: 'b' };
    const content = [call, result, second, { ...result, toolCallId: 'b' }, { type: 'text', text: 'It is 2.' } as const];
    expect(messagesOf({ role: 'assistant', content })).toEqual([
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'add', arguments: { x: 1 } }] },
      { role: 'tool', toolCallId: 'a', content: '2' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'b', name: 'add', arguments: { x: 1 } }] },
      { role: 'tool', toolCallId: 'b', content: '2' },
      { role: 'assistant', content: 'It is 2.' },
    ]);
  });

  it('is answered with a result last where one stands last', () => {
    expect(messagesOf({ role: 'assistant', content: [call, result] }).map(({ role }) => role)).toEqual([
      'assistant',
      'tool',
    ]);
  });

  it('keeps what stands in the place of arguments that were no object', () => {
    expect(messagesOf({ role: 'assistant', content: [{ ...call, input: '{"x":' }] })).toEqual([
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'add', arguments: { input: '{"x":' } }] },
    ]);
  });

  it.each<[LanguageModelV4ToolResultOutput, string]>([
    [{ type: 'text', value: 'two' }, 'two'],
    [{ type: 'json', value: { sum: [2] } }, '{"sum":[2]}'],
    [{ type: 'error-text', value: 'no such number' }, 'no such number'],
    [{ type: 'error-json', value: { code: 5 } }, '{"code":5}'],
    [{ type: 'execution-denied', reason: 'Not today.' }, 'Not today.'],
    [{ type: 'execution-denied' }, 'The user did not allow this call.'],
    [
      {
        type: 'content',
        value: [
          { type: 'text', text: 'one' },
          { type: 'text', text: 'two' },
        ],
      },
      'one\ntwo',
    ],
    [
      { type: 'content', value: [{ type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'read' } }] },
      'read',
    ],
  ])('reads the result %j as %j', (output, content) => {
    expect(messagesOf({ role: 'tool', content: [{ ...result, output }] })).toEqual([
      { role: 'tool', toolCallId: 'a', content },
    ]);
  });

  it('passes over approvals, which are for a server’s tools', () => {
    const approval = { type: 'tool-approval-response', approvalId: 'x', approved: true } as const;
    expect(messagesOf({ role: 'tool', content: [approval] })).toEqual([]);
  });

  it('reads a file that is text', () => {
    const file = { type: 'file', mediaType: 'text/markdown', data: { type: 'text', text: '# A' } } as const;
    expect(messagesOf({ role: 'user', content: [file] })).toEqual([
      { role: 'user', content: [{ type: 'text', text: '# A' }] },
    ]);
  });

  const image = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } } as const;

  it.each<[string, string, LanguageModelV4Prompt[number]]>([
    ['a user’s image', 'file of type image/png', { role: 'user', content: [image] }],
    [
      'a tool’s image',
      'file of type image/png',
      { role: 'tool', content: [{ ...result, output: { type: 'content', value: [image] } }] },
    ],
    [
      'a provider’s own part in a tool’s result',
      "'custom' of a tool's result",
      { role: 'tool', content: [{ ...result, output: { type: 'content', value: [{ type: 'custom' }] } }] },
    ],
  ])('refuses %s, in the way of the AI SDK', (_, functionality, message) => {
    const read = (): unknown => messagesOf(message);
    expect(read).toThrow(/models of gptlet read text only/);
    try {
      read();
    } catch (error) {
      expect(UnsupportedFunctionalityError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ functionality, name: 'AI_UnsupportedFunctionalityError' });
    }
  });

  it('leaves out what another model made beside text, and says so', () => {
    const warnings: SharedV4Warning[] = [];
    const content = [
      { type: 'reasoning-file', mediaType: 'image/png', data: image.data },
      { type: 'custom', kind: 'other.thing' },
      image,
      { type: 'text', text: 'A cat.' },
    ] as const;
    const messages = promptMessages([{ role: 'assistant', content: [...content] }], (warning) =>
      warnings.push(warning),
    );
    expect(messages).toEqual([{ role: 'assistant', content: 'A cat.' }]);
    expect(warnings.map((warning) => (warning.type === 'unsupported' ? warning.feature : warning))).toEqual([
      "'reasoning-file' of an assistant",
      "'custom' of an assistant",
      "'file' of an assistant",
    ]);
  });
});
