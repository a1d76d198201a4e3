// Writes what the embedded model's small files and its weights' table of contents say, as the library reads them, into a TypeScript
// module: the worker that generates with it needs no code to read them. Usage: node scripts/generate-embedded-model.mjs FOLDER OUT
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder, out] = process.argv.slice(2);

/** The library's own readers, from their sources: this runs before sdk/ is compiled. */
const readers = `
export { readConfig } from './sdk/model/families/read-config.ts';
export { readGenerationDefaults } from './sdk/checkpoint/generation-defaults.ts';
export { readSafetensorsHeader } from './sdk/checkpoint/safetensors-header.ts';
export { nodeDirectory } from './sdk/checkpoint/sources/node-directory.ts';
export { planTensors } from './sdk/checkpoint/tensor-plan.ts';
export { elementBytes } from './sdk/checkpoint/element-types.ts';
export { readFiles } from './sdk/tokenizer/read-files.ts';
export { planEmbedded } from './sdk/worker/embedded/plan-embedded.ts';
export { checksum } from './sdk/worker/embedded/checksum.ts';
`;
const { outputFiles } = await build({
  stdin: { contents: readers, resolveDir: process.cwd() },
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const library = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

const read = (name) => readFileSync(join(folder, name));
const json = (name) => JSON.parse(read(name).toString());

const { config, family } = library.readConfig(json('config.json'));
const source = await library.nodeDirectory(folder);
const name = 'model.safetensors';
const weightFile = await library.readSafetensorsHeader(name, await source.open(name));
const [{ tensors }] = library.planTensors(config, family, [weightFile]);
const { type, start: headerBytes } = tensors[0].stored;
const weights = { bytes: weightFile.size, headerBytes, type, elementBytes: library.elementBytes[type] };
const places = (plan) =>
  plan.map(({ stored: { type, start, bytes }, ...planned }) => ({ type, start, bytes, ...planned }));
assert.deepEqual(
  places(library.planEmbedded(config, weights)),
  places(tensors),
  'the embedded model is stored otherwise than sdk/worker/embedded/plan-embedded.ts says',
);

const tokenizerFiles = ['tokenizer.json', 'tokenizer_config.json'].map((name) => [name, read(name)]);
// Nothing that few tokenizers need: reading it fails where the model's does.
const { tables, added, ...tokenizer } = await library.readFiles(Object.fromEntries(tokenizerFiles), undefined, {});
assert.deepEqual(
  tokenizer,
  {
    kind: 'gpt2',
    addPrefixSpace: false,
    normalization: [],
    splits: [],
    template: { before: [], between: [], after: [] },
    ignoreMerges: false,
    unknown: undefined,
  },
  'the embedded model has another kind of tokenizer than sdk/worker/embedded/byte-pair-encoder.ts',
);
// Special ones are plain text in prompts, and texts of their own when they are generated.
const { vocab, merges: lines } = json('tokenizer.json').model;
for (const { content, id, special } of added) assert(special && vocab[content] === id, content);
assert(new TextDecoder().decode(tables.merges) === lines.join('\0'));
// byte-pair-encoder.ts goes through the merges once: a merge of what a later one makes would never come.
const made = new Map(lines.map((line, rank) => [line.replace(' ', ''), rank]));
for (const [rank, line] of lines.entries()) for (const part of line.split(' ')) assert(!(made.get(part) >= rank), line);
const description = {
  config,
  generationDefaults: library.readGenerationDefaults(json('generation_config.json')),
  tokenizer: {
    bytes: statSync(join(folder, 'tokenizer.json')).size,
    tokens: tables.ids.length,
    merges: lines.length,
  },
  weights: { ...weights, headerChecksum: library.checksum(read(name).subarray(0, headerBytes)) },
};

writeFileSync(
  out,
  `// Written by scripts/generate-embedded-model.mjs from ${folder}. Do not edit.
import type { GenerationDefaults } from '../../model/generation-defaults.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { StoredWeights } from './plan-embedded.ts';

interface EmbeddedModel {
  readonly config: ModelConfig;
  readonly generationDefaults: GenerationDefaults;
  /** What its file has: bytes, tokens in its vocabulary, merges. */
  readonly tokenizer: { readonly bytes: number; readonly tokens: number; readonly merges: number };
  readonly weights: StoredWeights & { readonly headerChecksum: number };
}

export const embeddedModel: EmbeddedModel = ${JSON.stringify(description)};
`,
);
