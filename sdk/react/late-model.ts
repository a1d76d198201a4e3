import { abortable } from '../platform/abortable.ts';

/** A model that comes later, goes and comes again, as the one that a component loads; whoever needs it waits. */
export class LateModel<Model> {
  #model: Model | undefined;
  #waiting: ((model: Model) => void)[] = [];

  set(model: Model | null | undefined): void {
    this.#model = model ?? undefined;
    if (model == null) return;
    for (const resolve of this.#waiting) resolve(model);
    this.#waiting = [];
  }

  /** @throws the signal's reason, when it fires before there is a model */
  get(signal: AbortSignal): Promise<Model> {
    if (this.#model !== undefined) return Promise.resolve(this.#model);
    return abortable(new Promise((resolve) => this.#waiting.push(resolve)), signal);
  }
}
