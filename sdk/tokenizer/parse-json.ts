import { GptletError } from '../errors/gptlet-error.ts';

/** A tokenizer file as text. */
export function fileText(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

/** Parses a JSON file that must hold an object. */
export function parseJson(name: string, content: string | Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(fileText(content));
  } catch (cause) {
    throw bad(`${name} is not JSON: ${(cause as Error).message}. Download it again.`, cause);
  }
  return asObject(value) ?? fail(`${name} holds ${quote(value)} where an object is expected. Download it again.`);
}

/** The value when it is a plain object. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A value of a JSON file for an error message, short. */
export function quote(value: unknown): string {
  const text = String(JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A BAD_TOKENIZER error. */
export function bad(message: string, cause?: unknown): GptletError {
  return new GptletError('BAD_TOKENIZER', message, { cause });
}

/** Throws BAD_TOKENIZER. */
export function fail(message: string): never {
  throw bad(message);
}
