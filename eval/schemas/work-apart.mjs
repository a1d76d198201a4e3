import { Worker } from 'node:worker_threads';

/**
 * Asks a worker one thing after the other. What would take all memory, or hours, is given up, the worker is started anew, and
 * whatever comes next is answered all the same.
 */
export class WorkApart {
  #start;
  #seconds;
  #megabytes;
  #worker;

  /** @param script the worker's, which answers every message with one */
  constructor(script, { seconds = 60, megabytes = 2048, workerData } = {}) {
    this.#start = () => new Worker(script, { workerData, resourceLimits: { maxOldGenerationSizeMb: megabytes } });
    this.#seconds = seconds;
    this.#megabytes = megabytes;
  }

  /** The worker's answer, or `{ error }` where there was none. */
  ask(message) {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve) => {
      const giveUp = (why) => {
        this.#worker = undefined;
        worker.removeAllListeners();
        // Memory may run out on the way to the end.
        worker.on('error', () => {});
        worker.terminate();
        resolve({ error: `is given up: ${why}` });
      };
      const timer = setTimeout(() => giveUp(`takes more than ${this.#seconds} s`), this.#seconds * 1000);
      worker.once('error', (error) => {
        clearTimeout(timer);
        giveUp(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `takes more than ${this.#megabytes} MB` : error.message);
      });
      worker.once('message', (answer) => {
        clearTimeout(timer);
        worker.removeAllListeners('error');
        resolve(answer);
      });
      worker.postMessage(message);
    });
  }

  close() {
    return this.#worker?.terminate();
  }
}
