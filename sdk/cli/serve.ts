import { once } from 'node:events';
import { loadModel } from '../api/load-model.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { createOpenAIHandler } from '../openai/create-openai-handler.ts';
import { parseServeArguments, serveHelp } from './serve-arguments.ts';
import { countTokens } from './serving/count-tokens.ts';
import { RequestServer } from './serving/request-server.ts';
import { showProgress } from './show-progress.ts';

/**
 * Serves models to OpenAI's clients until a signal ends it: the first one lets those finish who have asked, the second does not.
 *
 * @param args what follows `gptlet serve`
 * @throws GptletError INVALID_OPTION, and all that loading a model throws; AbortError when it is ended while it loads
 */
export async function serve(args: readonly string[]): Promise<void> {
  const options = parseServeArguments(args, process.env);
  if (options.help) {
    process.stdout.write(serveHelp);
    return;
  }
  const ended = new AbortController();
  onSignals((status, again) => (again ? process.exit(status) : ended.abort()));
  const server = new RequestServer(options);
  // First of all: a port in use is told before a large model is loaded.
  const address = await server.listen();
  const models: Record<string, GptModel> = {};
  try {
    for (const { name, source } of options.models) {
      process.stderr.write(`Loading ${name}\n`);
      const model = await loadModel(source, { ...options.load, signal: ended.signal, onProgress: showProgress });
      models[name] = countTokens(model, (usage) => server.metrics.used(name, usage));
    }
    server.open(createOpenAIHandler({ models, maxBodyBytes: options.maxBodyBytes }));
    process.stdout.write(`${startLine(address, options.keys.length > 0, models)}\n`);
    if (!ended.signal.aborted) await once(ended.signal, 'abort');
    process.stderr.write('Stopping when all who have asked are answered; the same again stops at once.\n');
  } finally {
    await server.drain();
    for (const model of Object.values(models)) await model.dispose();
  }
}

function startLine(address: string, hasKey: boolean, models: Readonly<Record<string, GptModel>>): string {
  const names = Object.entries(models).map(([name, { backend, dtype }]) => `${name} (${backend}, ${dtype})`);
  return `gptlet serves ${names.join(', ')} at ${address}/v1${hasKey ? ', to those who have a key' : ''}`;
}

/** @param onSignal hears with which status a program ends that is ended so, and whether it is not the first one */
function onSignals(onSignal: (status: number, again: boolean) => void): void {
  let count = 0;
  for (const [name, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.on(name, () => onSignal(status, count++ > 0));
}
