/** One request that waits for its turn. */
interface Waiting {
  begin(): void;
  refuse(): void;
}

/**
 * One request at a time, and clients take turns: whoever had a turn goes behind all others that wait, so that a client with a
 * thousand requests delays one with a single request by one turn at most. Of one client's requests, first come, first served.
 * A full queue makes room for a client with few requests by refusing the last one of the client that has most.
 */
export class FairQueue {
  /** Requests by client, in the order of their turns; no line is empty. */
  readonly #lines = new Map<string, Waiting[]>();
  readonly #maxWaiting: number;
  #running = false;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** Requests that wait. */
  get length(): number {
    let sum = 0;
    for (const line of this.#lines.values()) sum += line.length;
    return sum;
  }

  /** Whether a request has its turn now. */
  get running(): boolean {
    return this.#running;
  }

  /**
   * Waits for a turn of `client`. A signal that fires before takes the request out of the queue and rejects with its reason.
   *
   * @returns what ends the turn, to be called once; undefined where the queue is full
   */
  async enter(client: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    signal.throwIfAborted();
    const leave = (): void => this.#next(client);
    if (!this.#running) {
      this.#running = true;
      return leave;
    }
    if (this.length >= this.#maxWaiting && !this.#makeRoomFor(client)) return undefined;
    return new Promise((resolve, reject) => {
      const goAway = (): void => {
        this.#remove(client, waiting);
        reject(signal.reason);
      };
      const settle = (turn: (() => void) | undefined): void => {
        signal.removeEventListener('abort', goAway);
        resolve(turn);
      };
      const waiting = { begin: () => settle(leave), refuse: () => settle(undefined) };
      signal.addEventListener('abort', goAway, { once: true });
      this.#lines.set(client, [...(this.#lines.get(client) ?? []), waiting]);
    });
  }

  /** Ends the turn of `client`; the next one begins. */
  #next(client: string): void {
    const line = this.#lines.get(client);
    if (line) {
      this.#lines.delete(client);
      this.#lines.set(client, line);
    }
    const [first] = this.#lines;
    if (!first) {
      this.#running = false;
      return;
    }
    const [nextClient, [waiting]] = first;
    this.#remove(nextClient, waiting);
    waiting.begin();
  }

  #makeRoomFor(client: string): boolean {
    const own = this.#lines.get(client)?.length ?? 0;
    const [longest] = [...this.#lines].sort(([, a], [, b]) => b.length - a.length);
    if (!longest || longest[1].length <= own + 1) return false;
    const last = longest[1][longest[1].length - 1];
    this.#remove(longest[0], last);
    last.refuse();
    return true;
  }

  #remove(client: string, waiting: Waiting): void {
    const rest = this.#lines.get(client)?.filter((each) => each !== waiting) ?? [];
    if (rest.length > 0) this.#lines.set(client, rest);
    else this.#lines.delete(client);
  }
}
