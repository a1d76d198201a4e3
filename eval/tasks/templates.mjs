// Chat templates as published, filled in by gptlet and by Python's Jinja2 with the hub's settings: the same text, or both refuse.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCompiled } from '../../bench/compile-testing.mjs';
import { figure } from '../interval.mjs';
import { conversations, tokens } from '../templates/conversations.mjs';

const script = fileURLToPath(new URL('../templates/render.py', import.meta.url));

/** `--file` is a folder of templates, `NAME.jinja` each; none are kept here, since most are under their makers' licences. */
export async function evaluate({ file }) {
  if (!file) throw new Error('--file is missing: a folder of chat templates, NAME.jinja each.');
  const names = readdirSync(file).filter((name) => name.endsWith('.jinja'));
  const templates = Object.fromEntries(
    names.map((name) => [name.slice(0, -'.jinja'.length), readFileSync(join(file, name), 'utf8')]),
  );
  const input = JSON.stringify({ templates, conversations, tokens });
  const expected = JSON.parse(execFileSync('python3', [script], { input, encoding: 'utf8' }));
  const { makePrompt } = await importCompiled('chat/prompt/make-prompt.js');
  const rows = [];
  for (const [name, template] of Object.entries(templates)) {
    let [same, refused] = [0, 0];
    for (const [title, { messages, tools = {}, thinking }] of Object.entries(conversations)) {
      const found = await promptOf(makePrompt, template, messages, tools, thinking);
      const wanted = expected[name][title];
      if (found === wanted) same++;
      else console.log(`${name}, ${title}:\n${JSON.stringify(found)}\nand not\n${JSON.stringify(wanted)}`);
      if (wanted === null) refused++;
    }
    const case_ = `chat template of ${name}`;
    rows.push(figure(case_, 'gptlet beside Jinja2', 'conversations of the same text', 'count', same));
    rows.push(figure(case_, 'gptlet beside Jinja2', 'of these refused by both', 'count', refused));
  }
  return rows;
}

/** The text that gptlet makes; null where the template refuses. */
async function promptOf(makePrompt, template, messages, tools, thinking) {
  // Every text that looks like a special token is one, so that the guard of users' texts is on its way too.
  const found = new Set(template.match(/<\|?[\w/]+\|?>/g));
  const specialTokens = new Map([...found].map((text, id) => [text, id]));
  const tokenizer = { specialTokens, encode: () => new Uint32Array(0) };
  const settings = {
    template,
    tools: Object.entries(tools).map(([name, tool]) => ({ name, ...tool })),
    thinking,
    addGenerationPrompt: true,
    continueMessage: false,
  };
  try {
    return (await makePrompt({ tokenizer, chatFormat: { tokens, templates: {} } }, messages, settings)).text;
  } catch (error) {
    if (error.code !== 'INVALID_OPTION') throw error;
    return null;
  }
}
