import type { ChatFormat } from '../../model/chat-format.ts';
import type { GgufMetadata } from './gguf-metadata.ts';

/** Special tokens by the names that templates know them by, and by those of the format. */
const tokenKeys = { bos_token: 'bos', eos_token: 'eos', unk_token: 'unknown', pad_token: 'padding' };

/** How a GGUF file says that conversations are written; named templates stand beside the first. */
export function chatFormatOf(metadata: GgufMetadata): ChatFormat {
  const templates: Record<string, string> = {};
  const whole = metadata.string('tokenizer.chat_template');
  if (whole !== undefined) templates.default = whole;
  const names = metadata.strings('tokenizer.chat_templates');
  for (let i = 0; i < (names?.length ?? 0); i++) {
    const name = names?.at(i) ?? '';
    const template = metadata.string(`tokenizer.chat_template.${name}`);
    if (template !== undefined) templates[name] = template;
  }
  const texts = metadata.strings('tokenizer.ggml.tokens');
  const tokens: Record<string, string> = {};
  for (const [name, key] of Object.entries(tokenKeys)) {
    const id = metadata.number(`tokenizer.ggml.${key}_token_id`);
    if (texts && id !== undefined && id < texts.length) tokens[name] = texts.at(id);
  }
  return { templates, tokens };
}
