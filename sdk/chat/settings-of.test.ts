import { describe, expect, it } from 'vitest';
import type { Message } from '../loaded-model/message.ts';
import type { Tools } from '../loaded-model/tool.ts';
import { readTools } from './read-tools.ts';
import { settingsOf } from './settings-of.ts';
import type { TemplateSettings } from './step-settings.ts';

const messages: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'How late is it?' },
  { role: 'assistant', toolCalls: [{ id: '1', name: 'clock', arguments: {} }] },
  { role: 'tool', toolCallId: '1', content: '12:00' },
];
const settings = (template: string, tools: Tools = { clock: {} }): Promise<TemplateSettings> =>
  settingsOf({ chatFormat: { templates: {}, tokens: {} } }, { template }, readTools(tools));

describe('tools', () => {
  it('are described to a model whose template does not list them, and calls and results stand in texts', async () => {
    const { listsTools, describe } = await settings('{{ messages[0].content }}');
    const [system, user, call, result] = describe(messages);
    expect(listsTools).toBe(false);
    expect(system.content).toMatch(/^Be brief\.\n\n.*<tools>\n\{.*"clock".*\}\n<\/tools>/s);
    expect(user).toEqual(messages[1]);
    expect(call.content).toBe('<tool_call>\n{"name": "clock", "arguments": {}}\n</tool_call>');
    expect(result).toEqual({ role: 'user', content: '<tool_response>\n12:00\n</tool_response>' });
  });

  it('are left to a template that lists them', async () => {
    const template = `{% if tools %}<tool_call>{% endif %}{% if m.tool_calls or role == 'tool' %}{% endif %}`;
    expect((await settings(template)).describe(messages)).toEqual(messages);
  });

  it('that the notation cannot write are refused before anything is written', async () => {
    const either = { anyOf: [{ required: ['a'] }, { required: ['b'] }] };
    const template = `{% if tools %}<tool_call><function={% endif %}`;
    await expect(settings(template, { find: { parameters: either } })).rejects.toThrow(
      'tools.find.parameters has anyOf',
    );
    await expect(
      settings('{% if tools %}<tool_call>{% endif %}', { find: { parameters: either } }),
    ).resolves.toBeDefined();
  });
});
