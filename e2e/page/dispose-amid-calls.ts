/** Runs in any engine's page: disposes of a model amid its calls and another's, and tells how each of them ended. */
export async function disposeAmidCalls({ backend, worker }: { backend: string; worker: boolean | 'shared' }) {
  const { loadModel } = await import('/dist/index.js' as string);
  // Two models of one worker of the caller's own, or each with its own.
  const own = worker === 'shared' ? new Worker('/dist/worker.js') : worker;
  const load = (folder: string) => loadModel(folder, { backend, worker: own, dtype: 'f32' });
  const [model, other] = [await load('/fixtures/gpt2-tiny/'), await load('/fixtures/gpt-neo-tiny/')];
  const long = { maxNewTokens: 100, temperature: 0, stopTokenIds: [] };
  const ids = [1, 5, 9, 2, 7];
  const outcome = (call: PromiseLike<unknown>): Promise<string> => {
    const ended = Promise.resolve(call).then(
      (value) => {
        const { tokenIds } = Object(value) as { tokenIds?: number[] };
        return tokenIds ? `${tokenIds.length} tokens` : 'done';
      },
      ({ code, message }: { code?: string; message: string }) => code ?? message,
    );
    return Promise.race([ended, new Promise<string>((resolve) => setTimeout(() => resolve('never'), 20_000))]);
  };
  const running = model.generate(ids, long);
  await running[Symbol.asyncIterator]().next();
  const waiting: (() => PromiseLike<unknown>)[] = [];
  for (let i = 0; i < 10; i++) {
    waiting.push(
      () => model.generate(ids, long),
      () => model.forward(ids),
      () => model.score('a b'),
    );
  }
  const outcomes = {
    running: outcome(running),
    // Some may have had their turn before the worker hears of the end.
    waiting: Promise.all(waiting.map((call) => outcome(call()))).then((all) => {
      const others = all.filter((end) => !['DISPOSED', 'done', '100 tokens'].includes(end));
      return others.length === 0 ? 'each in its way' : others.join();
    }),
    othersRunning: outcome(other.generate([1, 2, 3], long)),
    disposed: outcome(model.dispose()),
    again: outcome(model.dispose()),
    after: Promise.all(waiting.slice(0, 3).map((call) => outcome(call()))).then((all) => [...new Set(all)].join()),
    others: outcome(other.generate([1, 2, 3], long)),
  };
  const found: Record<string, string> = {};
  for (const [name, ended] of Object.entries(outcomes)) found[name] = await ended;
  found.othersLater = await outcome(other.generate([4, 5], long));
  found.othersDisposed = await outcome(other.dispose());
  if (own instanceof Worker) own.terminate();
  return found;
}

/** What it has to tell, wherever it runs. */
export const disposedAmidCalls = {
  running: '100 tokens',
  waiting: 'each in its way',
  othersRunning: '100 tokens',
  disposed: 'done',
  again: 'done',
  after: 'DISPOSED',
  others: '100 tokens',
  othersLater: '100 tokens',
  othersDisposed: 'done',
};
