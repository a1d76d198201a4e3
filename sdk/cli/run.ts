import { text } from 'node:stream/consumers';
import { loadModel } from '../api/load-model.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { version } from '../platform/version.ts';
import { help, parseArguments } from './arguments.ts';
import { showProgress } from './show-progress.ts';

/** Runs the command line; resolves with the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    if (args[0] === 'quantize') {
      // Few need it: its code is not loaded otherwise.
      const { quantize } = await import('./quantize.ts');
      await quantize(args.slice(1));
      return 0;
    }
    if (args[0] === 'inspect') {
      const { inspect } = await import('./inspect.ts');
      await inspect(args.slice(1));
      return 0;
    }
    if (args[0] === 'serve') {
      const { serve } = await import('./serve.ts');
      await serve(args.slice(1));
      return 0;
    }
    if (args[0] === 'train') {
      const { train } = await import('./train.ts');
      await train(args.slice(1));
      return 0;
    }
    const { prompt: given, model: source, json, show, load, generate } = parseArguments(args);
    if (show) {
      process.stdout.write(show === 'help' ? help : `${version}\n`);
      return 0;
    }
    const prompt = given ?? (process.stdin.isTTY ? '' : (await text(process.stdin)).trimEnd());
    if (prompt === '')
      throw new GptletError(
        'INVALID_OPTION',
        'There is no prompt: give it as an argument or on standard input. See gptlet --help.',
      );

    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    const model = await loadModel(source, { ...load, signal: stop.signal, onProgress: showProgress });
    try {
      const generation = model.generate(prompt, { ...generate, signal: stop.signal });
      if (!json) {
        process.stdout.write(prompt);
        for await (const part of generation) process.stdout.write(part.text);
        process.stdout.write('\n');
      }
      const result = await generation;
      if (json) process.stdout.write(`${JSON.stringify({ prompt, ...result })}\n`);
      const { usage, timings } = result;
      process.stderr.write(
        `${usage.generatedTokens} tokens, ${timings.tokensPerSecond.toFixed(0)} tokens/s, ${model.backend} ${model.dtype}\n`,
      );
    } finally {
      await model.dispose();
    }
    return stop.signal.aborted ? 130 : 0;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return 130;
    process.stderr.write(
      GptletError.isInstance(error)
        ? `gptlet: ${error.message} (${error.code})\n`
        : `gptlet: ${(error as Error).stack}\n`,
    );
    return 1;
  }
}
