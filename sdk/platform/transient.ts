/** A failure of a request that another try may mend; the server may have said when. */
export class Transient extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The failure that a status stands for, where another try may mend it. */
export function transientStatus({ status, headers }: Response): Transient | undefined {
  const mayPass = status === 408 || status === 425 || status === 429 || status >= 500;
  return mayPass ? new Transient(`the server answered ${status}`, { retryAfterMs: retryAfter(headers) }) : undefined;
}

function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('Retry-After');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return ms >= 0 ? ms : undefined;
}

/** An error's message with that of its cause, where undici hides what really happened. */
export function reason(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return [message, cause?.code ?? cause?.message].filter(Boolean).join(': ');
}
