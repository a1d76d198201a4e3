import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { readJsonFile } from '../checkpoint/json-file.ts';
import { openSource } from '../checkpoint/open-source.ts';
import { nodeDirectory } from '../checkpoint/sources/node-directory.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { judgeSource } from '../loading/judge-source.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { memoryNeeds } from '../loading/memory-needs.ts';
import { openCheckpointAt } from '../loading/open-checkpoint-at.ts';
import { ownSurroundings } from '../loading/own-surroundings.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { numberOf } from './number-of.ts';
import { parseOptions } from './parse-options.ts';

export const inspectUsage = 'gptlet inspect SOURCE [--context-length N] [--json]';

/** What a checkpoint is, by the words that are printed before each. */
type Facts = Readonly<Record<string, unknown>>;

/**
 * Prints what a checkpoint is and what it would take to run it; reads the headers of its files only.
 *
 * @param args what follows `gptlet inspect`
 * @throws GptletError INVALID_OPTION, and all that opening a checkpoint throws
 */
export async function inspect(args: readonly string[]): Promise<void> {
  const { source, contextLength, json } = parse(args);
  const checkpoint = await openCheckpointAt(source, { headersOnly: true }, ownSurroundings());
  const { config } = checkpoint;
  const tokens = contextLength ?? Math.min(config.nCtx, 2048);
  const verdict = await judgeSource(source, resolveLoadOptions({ contextLength: tokens }));
  const facts: Facts = {
    family: `${config.architecture}${config.head ? `, with a head for ${config.head.kind}` : ''}`,
    shape: shapeOf(config),
    parameters: weightShapes(config).reduce((sum, { rows, columns }) => sum + rows * columns, 0),
    files: `${megabytes(checkpoint.totalBytes)} of ${checkpoint.weightTypes.join(', ')}`,
    ...(await textFacts(source, checkpoint)),
    ...memory(checkpoint, tokens),
    'runs here': verdict.runs ? `yes, on ${verdict.backend} as ${verdict.dtype}` : `no. ${verdict.why}`,
  };
  if (json) {
    process.stdout.write(`${JSON.stringify({ source, ...facts, config })}\n`);
    return;
  }
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  const lines = Object.entries(facts).map(
    ([name, value]) => `  ${name.padEnd(width)}  ${typeof value === 'number' ? value.toLocaleString('en') : value}`,
  );
  process.stdout.write(`${source}\n${lines.join('\n')}\n`);
}

/** What turns text into tokens, and conversations into text. */
async function textFacts(source: string, { tokenizerFiles, chatFormat }: Checkpoint): Promise<Facts> {
  // In a GGUF they are in the header.
  const inHeader = tokenizerFiles['tokenizer.json'] !== undefined;
  const files = inHeader ? undefined : await openSource(source, { openDirectory: nodeDirectory });
  const found = async (name: string): Promise<boolean> =>
    (await files?.open(name).catch(() => undefined)) !== undefined;
  const named = inHeader ? 'in the file' : await firstThat(['tokenizer.json', 'vocab.json'], found);
  const config = files && (await readJsonFile(files, 'tokenizer_config.json'));
  const template = chatFormat?.templates.default ?? config?.['chat_template'];
  return {
    tokenizer: named ?? 'none: it takes token ids',
    'chat template': template !== undefined || (await found('chat_template.jinja')) ? 'yes' : 'none',
  };
}

async function firstThat(
  names: readonly string[],
  holds: (name: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const name of names) if (await holds(name)) return name;
  return undefined;
}

function shapeOf(config: ModelConfig): string {
  const { nLayer, nEmbd, nHead, nKvHead, headSize, nInner, vocabSize, nCtx } = config;
  const convolutions = config.blockKind.filter((kind) => kind === 'convolution').length;
  const windows = [...new Set(config.attentionWindow.filter((window) => window > 0))];
  return [
    `${nLayer} layers of ${nEmbd}`,
    `${nHead} heads of ${headSize}${nKvHead === nHead ? '' : ` (${nKvHead} of keys and values)`}`,
    `feed-forward ${nInner}`,
    `vocabulary ${vocabSize}`,
    `context ${nCtx}`,
    ...(convolutions > 0 ? [`${convolutions} layers of convolutions`] : []),
    ...(windows.length > 0 ? [`windows of ${windows.join(' and ')}`] : []),
  ].join(', ');
}

/** Memory with so many tokens, a line a dtype. */
function memory({ config }: Checkpoint, tokens: number): Facts {
  const dtypes: readonly Dtype[] = ['f32', 'f16', 'q8', 'q4'];
  return Object.fromEntries(
    dtypes.map((dtype) => {
      // The CPU has no f16.
      const { weights, kvCache } = memoryNeeds(config, dtype === 'f16' ? 'webgpu' : 'wasm', dtype, tokens);
      return [`memory, ${dtype}`, `${megabytes(weights)}, and ${megabytes(kvCache)} for ${tokens} tokens`];
    }),
  );
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;

function parse(args: readonly string[]): { source: string; contextLength: number | undefined; json: boolean } {
  const usage = `Usage: ${inspectUsage}`;
  const options = { 'context-length': { type: 'string' }, json: { type: 'boolean' } } as const;
  const { positionals, values } = parseOptions(args, options, usage);
  const [source, ...more] = positionals;
  if (!source || more.length > 0) {
    throw new GptletError('INVALID_OPTION', `Give one model to inspect; ${positionals.length} were given. ${usage}`);
  }
  const contextLength = numberOf('context-length', values['context-length']);
  return { source, contextLength, json: values.json ?? false };
}
