import { describe, expect, it } from 'vitest';
import { renderTemplate } from './render-template.ts';
import { wantsArgumentsAsText } from './wants-arguments-as-text.ts';

describe('a template', () => {
  // Expected: what Python's Jinja2 3.1 gives.
  it.each<[string, string, string]>([
    [
      'writes objects as Python does',
      '{{ tool | string }}',
      `{'name': "it's", 'ok': True, 'none': None, 'n': [1, 2.5]}`,
    ],
    ['writes lists as Python does', "{{ ['a', 1] | string }}", "['a', 1]"],
    ['leaves texts as they are', "{{ 'a' | string }}", 'a'],
    ['trims what is not there', '[{{ tool.missing | trim }}]', '[]'],
    ['trims', "[{{ ' a ' | trim }}]", '[a]'],
    ['rejects what is in a list', "{{ ['a', 'b', 'c'] | reject('in', ['b']) | list | join(',') }}", 'a,c'],
    ['selects what equals', "{{ [1, 2, 1] | select('equalto', 1) | list | length }}", '2'],
    [
      'does so in loops and conditions',
      "{% for x in ['a'] | reject('in', []) %}{{ x if x | string else '' }}{% endfor %}",
      'a',
    ],
  ])('%s', async (_, template, expected) => {
    const tool = { name: "it's", ok: true, none: null, n: [1, 2.5] };
    expect(await renderTemplate(template, { tool })).toBe(expected);
  });

  it('that does not parse, or that refuses, is told with what it said', async () => {
    await expect(renderTemplate('{% if %}', {})).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
    await expect(renderTemplate("{{ raise_exception('Only users here') }}", {})).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'The chat template refuses these messages: Only users here',
    });
  });

  it('gets the arguments of calls as an object, or as text where it joins them to texts', async () => {
    const of = (written: string): string =>
      `{% for m in messages %}{% for c in m.tool_calls or [] %}${written}{% endfor %}{% endfor %}`;
    const format = { templates: {}, tokens: {} };
    expect(await wantsArgumentsAsText(of('{{ c.function.arguments | tojson }}'), format)).toBe(false);
    expect(await wantsArgumentsAsText(of("{{ 'a' + c.function.arguments }}"), format)).toBe(true);
  });
});
