import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { numberOf } from './number-of.ts';
import { parseOptions } from './parse-options.ts';

export const help = `Usage: gptlet [options] "prompt"
       echo "prompt" | gptlet [options]
       gptlet quantize SOURCE --dtype q8|q4 --out DIRECTORY
       gptlet inspect SOURCE
       gptlet serve [--model SOURCE] [--port N]
       gptlet train EXAMPLES --out DIRECTORY [--task NAME] [--model SOURCE]

Streams a completion of the prompt to standard output; progress goes to standard error. \`quantize\` writes a model as
8- or 4-bit weights into a directory, smaller to download and faster to load. \`inspect\` prints what a checkpoint is, the
memory that it takes and whether it runs here, from the headers of its files. \`serve\` answers programs that speak to OpenAI's
API, on this machine; \`gptlet serve --help\` has its options. \`train\` fits a classifier's head to labelled examples: JSON lines
of { text, label }, a table, or a folder with a folder of texts for each label.

Options:
  --model SOURCE           hub id, directory or URL (default: the embedded model)
  --backend NAME           auto, webgpu or wasm (default: auto)
  --dtype NAME             auto, f32, f16, q8 or q4 (default: auto)
  --context-length N       most tokens of prompt and answer together (default: what model and memory allow)
  --threads N              threads of the wasm backend
  --max-new-tokens N       most tokens to generate (default: 128)
  --temperature X          0 is greedy (default: the model's own)
  --top-k N, --top-p X     keep the likeliest tokens only
  --seed N                 the same seed gives the same tokens
  --json                   print the whole result as one line of JSON
  --help                   this text
  --version                the version
`;

/** What the command line asks for. */
export interface CliArguments {
  readonly prompt: string | undefined;
  readonly model: string | undefined;
  readonly json: boolean;
  readonly show: 'help' | 'version' | undefined;
  readonly load: LoadOptions;
  readonly generate: GenerateOptions;
}

/** @throws GptletError INVALID_OPTION */
export function parseArguments(args: readonly string[]): CliArguments {
  const { values, positionals } = parseOptions(args, options, 'See gptlet --help.');
  return {
    prompt: positionals.length > 0 ? positionals.join(' ') : undefined,
    model: values.model,
    json: values.json ?? false,
    show: values.help ? 'help' : values.version ? 'version' : undefined,
    load: {
      backend: values.backend as LoadOptions['backend'],
      dtype: values.dtype as LoadOptions['dtype'],
      contextLength: numberOf('context-length', values['context-length']),
      threads: numberOf('threads', values.threads),
    },
    generate: {
      maxNewTokens: numberOf('max-new-tokens', values['max-new-tokens']),
      temperature: numberOf('temperature', values.temperature),
      topK: numberOf('top-k', values['top-k']),
      topP: numberOf('top-p', values['top-p']),
      seed: numberOf('seed', values.seed),
    },
  };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  model: text,
  backend: text,
  dtype: text,
  'context-length': text,
  threads: text,
  'max-new-tokens': text,
  temperature: text,
  'top-k': text,
  'top-p': text,
  seed: text,
  json: flag,
  help: flag,
  version: flag,
} as const;
