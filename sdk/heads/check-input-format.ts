import type { InputFormatConfig } from '../model/config.ts';
import { checkArgument } from '../options/check-argument.ts';
import { number, optional } from '../options/kinds.ts';
import { classifyOptions } from '../options/table.ts';

/** The values of config.json's `gptlet` entry that no tokenizer checks. @throws GptletError BAD_CHECKPOINT */
export function checkInputFormat(named: InputFormatConfig | undefined): void {
  const { truncation, temperature } = named ?? {};
  const truncations = optional(classifyOptions().truncation.kind);
  checkArgument('config.json: gptlet.truncation', truncation, truncations, 'BAD_CHECKPOINT');
  checkArgument('config.json: gptlet.temperature', temperature, optional(number({ above: 0 })), 'BAD_CHECKPOINT');
}
