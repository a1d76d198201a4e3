/** Numbers by labels: `{route="/v1/models",status="200"}`. */
type Series = Map<string, number>;

/** Tokens of a generation. */
export interface TokenUsage {
  readonly promptTokens: number;
  /** Those of them that the model knew already. */
  readonly cachedTokens: number;
  readonly generatedTokens: number;
}

/**
 * What the server has done, as Prometheus reads it.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export class ServerMetrics {
  readonly #requests: Series = new Map();
  readonly #requestSeconds: Series = new Map();
  readonly #requestCounts: Series = new Map();
  readonly #promptTokens: Series = new Map();
  readonly #cachedTokens: Series = new Map();
  readonly #generatedTokens: Series = new Map();
  #turns = 0;
  #turnSeconds = 0;

  /** A request is over. `status` is 'closed' where the client went before its answer ended. */
  answered(route: string, status: string, seconds: number): void {
    add(this.#requests, labels({ route, status }), 1);
    add(this.#requestSeconds, labels({ route }), seconds);
    add(this.#requestCounts, labels({ route }), 1);
  }

  /** A request had the model for so long. */
  hadTurn(seconds: number): void {
    this.#turns++;
    this.#turnSeconds += seconds;
  }

  /** A model has read and written. */
  used(model: string, { promptTokens, cachedTokens, generatedTokens }: TokenUsage): void {
    add(this.#promptTokens, labels({ model }), promptTokens);
    add(this.#cachedTokens, labels({ model }), cachedTokens);
    add(this.#generatedTokens, labels({ model }), generatedTokens);
  }

  /** How long so many turns may take, in whole seconds: a minute at most, after which things may have changed. */
  secondsOf(turns: number): number {
    const each = this.#turns === 0 ? 1 : this.#turnSeconds / this.#turns;
    return Math.min(60, Math.max(1, Math.ceil(each * turns)));
  }

  text({ length, running }: { readonly length: number; readonly running: boolean }): string {
    const alone = (value: number): Series => new Map([['', value]]);
    return [
      metric('gptlet_requests_total', 'counter', 'Requests that are over.', { '': this.#requests }),
      metric('gptlet_request_seconds', 'summary', 'From a request to the end of its answer.', {
        _sum: this.#requestSeconds,
        _count: this.#requestCounts,
      }),
      metric('gptlet_turn_seconds', 'summary', 'How long a request had the models for itself.', {
        _sum: alone(this.#turnSeconds),
        _count: alone(this.#turns),
      }),
      metric('gptlet_queue_length', 'gauge', 'Requests that wait for their turn.', { '': alone(length) }),
      metric('gptlet_running', 'gauge', 'Requests that have their turn.', { '': alone(Number(running)) }),
      metric('gptlet_prompt_tokens_total', 'counter', 'Tokens of prompts.', { '': this.#promptTokens }),
      metric('gptlet_cached_tokens_total', 'counter', 'Those of them that were held from before.', {
        '': this.#cachedTokens,
      }),
      metric('gptlet_generated_tokens_total', 'counter', 'Tokens that were generated.', { '': this.#generatedTokens }),
    ].join('');
  }
}

function add(series: Series, key: string, amount: number): void {
  series.set(key, (series.get(key) ?? 0) + amount);
}

function labels(values: Readonly<Record<string, string>>): string {
  // JSON escapes what the format does: backslashes, quotes and line ends.
  return `{${Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`)}}`;
}

/** One metric; `series` by what stands behind its name. */
function metric(name: string, type: string, help: string, series: Readonly<Record<string, Series>>): string {
  const lines = Object.entries(series).flatMap(([suffix, values]) =>
    [...values].map(([key, value]) => `${name}${suffix}${key} ${value}\n`),
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
