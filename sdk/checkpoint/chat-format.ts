import type { ChatFormat } from '../model/chat-format.ts';
import type { Checkpoint } from './checkpoint.ts';
import { isRecord } from './json-values.ts';

/**
 * Reads how conversations are written: from tokenizer_config.json, which holds one template or a list of named ones, and from a
 * file of its own, which newer checkpoints have instead and which wins, as with the hub's library.
 *
 * @param ownFile chat_template.jinja
 */
export function readChatFormat(files: Checkpoint['tokenizerFiles'], ownFile: Uint8Array | undefined): ChatFormat {
  const config = read(files['tokenizer_config.json']);
  const given = config['chat_template'];
  const named: unknown[] = typeof given === 'string' ? [{ name: 'default', template: given }] : asList(given);
  const templates: Record<string, string> = {};
  for (const each of named) {
    if (isRecord(each) && typeof each.name === 'string' && typeof each.template === 'string')
      templates[each.name] = each.template;
  }
  if (ownFile) templates.default = new TextDecoder().decode(ownFile);
  return { templates, tokens: tokensOf({ ...read(files['special_tokens_map.json']), ...config }) };
}

/** What is wrong with these files, the tokenizer says that is made of them. */
function read(file: Uint8Array | undefined): Record<string, unknown> {
  try {
    const value: unknown = file && JSON.parse(new TextDecoder().decode(file));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** `bos_token` and the like are texts, or objects that hold one. */
function tokensOf(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    const text = isRecord(value) ? value.content : value;
    if (name.endsWith('_token') && typeof text === 'string') tokens[name] = text;
  }
  return tokens;
}
