import { GptletError } from '../errors/gptlet-error.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { numberOf } from './number-of.ts';
import { parseOptions } from './parse-options.ts';
import { isLoopback } from './serving/host-check.ts';
import type { RequestServerOptions } from './serving/request-server.ts';

export const serveUsage = 'gptlet serve [--model SOURCE | --model NAME=SOURCE ...] [--port N] [options]';

export const serveHelp: string = `Usage: ${serveUsage}

Answers programs that speak to OpenAI's API, such as its own clients: /v1/chat/completions, /v1/completions, /v1/embeddings
and /v1/models; /health and /metrics (Prometheus) tell how it is. A closed connection ends its generation. One request runs
at a time, and clients take turns.

Options:
  --model SOURCE           hub id, directory or URL, as often as wanted; NAME=SOURCE gives it a name (default: the embedded
                           model, as gptlet)
  --port N                 the port; 0 is any that is free (default: 8080)
  --host HOST              the address or name to listen on (default: 127.0.0.1, this machine alone); any other needs a key
  --key SECRET             clients have to send it as their API key; give several for several clients. The environment's
                           GPTLET_KEY is one, too, and no list of processes shows it
  --allow-host NAME        another name under which the server is reached, as by a proxy
  --cors ORIGIN            pages of this origin may ask, such as https://example.com; * for all pages
  --backend NAME           auto, webgpu or wasm (default: auto)
  --dtype NAME             auto, f32, f16, q8 or q4 (default: auto)
  --threads N              threads of the wasm backend
  --context-length N       most tokens of a conversation (default: what model and memory allow)
  --max-body BYTES         most bytes of a request (default: ${2 ** 22})
  --max-queue N            most requests that wait (default: 100)
  --help                   this text
`;

/** A model to serve, under a name. */
export interface ServedModel {
  readonly name: string;
  /** undefined: the embedded one. */
  readonly source: string | undefined;
}

export interface ServeArguments extends RequestServerOptions {
  readonly help: boolean;
  readonly models: readonly ServedModel[];
  readonly load: LoadOptions;
}

/**
 * @param args what follows `gptlet serve`
 * @throws GptletError INVALID_OPTION
 */
export function parseServeArguments(args: readonly string[], environment: NodeJS.ProcessEnv): ServeArguments {
  const { values, positionals } = parseOptions(args, options, 'See gptlet serve --help.');
  if (positionals.length > 0)
    throw wrong(`'${positionals[0]}' is no option of gptlet serve; name models with --model. See gptlet serve --help.`);
  const host = (values.host ?? '127.0.0.1').replace(/^\[(.+)\]$/, '$1').toLowerCase();
  // Node would take it for every address of the machine.
  if (host === '') throw wrong("--host is ''; it must be an address of this machine, or 0.0.0.0 for all of them.");
  const keys = [...(values.key ?? []), ...(environment['GPTLET_KEY'] ? [environment['GPTLET_KEY']] : [])];
  // A key is a secret and must not appear in a message.
  if (!keys.every((key) => /^[\x21-\x7e]+$/.test(key)))
    throw wrong('A key is empty or has characters that no header holds; use visible ASCII without spaces.');
  if (keys.length === 0 && !isLoopback(host))
    throw wrong(
      `--host is '${host}', which other machines may reach; also give the key that clients have to send, with --key or in the environment's GPTLET_KEY.`,
    );
  for (const origin of values.cors ?? []) {
    if (origin !== '*' && !/^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+$/i.test(origin))
      throw wrong(`--cors is '${origin}'; it must be an origin, such as https://example.com without a path, or *.`);
  }
  return {
    help: values.help ?? false,
    models: namedModels(values.model ?? []),
    load: {
      backend: values.backend as LoadOptions['backend'],
      dtype: values.dtype as LoadOptions['dtype'],
      contextLength: numberOf('context-length', values['context-length']),
      threads: numberOf('threads', values.threads),
    },
    host,
    port: wholeNumber('port', values.port, 8080, 0, 65535),
    hostNames: values['allow-host'] ?? [],
    keys,
    origins: values.cors ?? [],
    maxBodyBytes: wholeNumber('max-body', values['max-body'], 2 ** 22, 1),
    maxQueue: wholeNumber('max-queue', values['max-queue'], 100, 0),
  };
}

function namedModels(given: readonly string[]): ServedModel[] {
  if (given.length === 0) return [{ name: 'gptlet', source: undefined }];
  const models = given.map((text) => {
    // An address may hold an equals sign, too, but has slashes before it.
    const [, name, named] = /^([^=/\\]+)=(.+)$/s.exec(text) ?? [];
    return name === undefined ? { name: nameOf(text), source: text } : { name, source: named };
  });
  for (const [index, { name }] of models.entries()) {
    if (models.findIndex((other) => other.name === name) < index)
      throw wrong(`Two models are called '${name}'; give one another name with --model NAME=SOURCE.`);
  }
  return models;
}

/** A hub id as it is; of a path or an address, its last part. */
function nameOf(source: string): string {
  if (!/^([./~\\]|[a-z][a-z\d+.-]*:)/i.test(source)) return source;
  const path = source.replace(/[?#].*$/s, '').replace(/[/\\]+$/, '');
  return path.split(/[/\\]/).at(-1) || source;
}

/** @throws GptletError INVALID_OPTION */
function wholeNumber(name: string, value: string | undefined, otherwise: number, from: number, to?: number): number {
  const number = numberOf(name, value) ?? otherwise;
  if (Number.isSafeInteger(number) && number >= from && number <= (to ?? number)) return number;
  throw wrong(`--${name} is '${value}'; it must be a whole number from ${from}${to === undefined ? '' : ` to ${to}`}.`);
}

const wrong = (message: string): GptletError => new GptletError('INVALID_OPTION', message);

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const options = {
  model: texts,
  port: text,
  host: text,
  key: texts,
  'allow-host': texts,
  cors: texts,
  backend: text,
  dtype: text,
  threads: text,
  'context-length': text,
  'max-body': text,
  'max-queue': text,
  help: { type: 'boolean' },
} as const;
