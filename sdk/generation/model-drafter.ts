import type { Sampler } from '../sampler/create-sampler.ts';
import type { DraftAnswer, DraftQuestion } from './draft-port.ts';
import { type Draft, type Drafter, noDraft } from './drafter.ts';

/** A draft that takes longer than this comes from a model that is no more. */
const mostMs = 2000;

/**
 * Asks another model, in its worker or in this thread. It draws with the random numbers that the sampler here will draw with, so that
 * it is right about as often as two draws can be the same: "drafter-invariant" sampling (Daliri, Musco and Suresh 2024).
 */
export class ModelDrafter implements Drafter {
  readonly isFree = false;
  readonly #port: MessagePort;
  readonly #sampler: Sampler;
  readonly #vocabSize: number;
  #told = 0;
  /** False while the other model reads the prompt, and once it has failed. */
  #isReady = false;
  #answer: (answer: DraftAnswer) => void;

  constructor(port: MessagePort, sampler: Sampler, vocabSize: number) {
    this.#port = port;
    this.#sampler = sampler;
    this.#vocabSize = vocabSize;
    const first = (answer: DraftAnswer): void => {
      this.#isReady = answer !== undefined;
    };
    this.#answer = first;
    port.onmessage = ({ data }: MessageEvent<DraftAnswer>) => this.#answer(data);
  }

  /** The other model reads the prompt while this one does. */
  start(promptIds: Uint32Array): void {
    const { options: sampling, promptLength } = this.#sampler;
    this.#ask({ begin: { sampling, promptLength }, added: promptIds, most: 0 });
    this.#told = promptIds.length;
  }

  async draft(history: readonly number[], most: number): Promise<Draft> {
    if (!this.#isReady) return noDraft;
    const answered = new Promise<DraftAnswer>((resolve) => {
      this.#answer = resolve;
    });
    this.#ask({ added: history.slice(this.#told), most });
    this.#told = history.length;
    const late = setTimeout(() => this.#answer(undefined), mostMs);
    const answer = await answered;
    clearTimeout(late);
    this.#isReady = answer !== undefined;
    const tokenIds = answer?.tokenIds ?? [];
    // Embeddings are padded to other numbers of rows in models of other sizes.
    const foreign = tokenIds.findIndex((id) => id >= this.#vocabSize);
    return { tokenIds: foreign < 0 ? tokenIds : tokenIds.slice(0, foreign), kind: 0 };
  }

  #ask(question: Omit<DraftQuestion, 'randomState'>): void {
    this.#port.postMessage({ ...question, randomState: this.#sampler.randomState });
  }
}
