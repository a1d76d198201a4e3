import type { EncodedError } from './outcome.ts';

// A built worker holds no error texts (scripts/packaging/error-texts.mjs): its messages are U+E000, a text's number, then the
// values that go into it, each after U+E001, then U+E002. A value may hold messages in turn.
const innermost = /\ue000(\d+)((?:\ue001[^\ue000\ue002]*)?)\ue002/;

/**
 * The table of texts, loaded at the first call. To be called once early, while there is a network: an error that tells of
 * its loss must be readable too. Where it cannot be had, number and values are better than nothing.
 */
export function errorTexts(): Promise<readonly string[]> {
  return import('./worker-texts.js').then(
    (module) => module.errorTexts,
    () => [],
  );
}

/** The error with its texts, and those of its causes, looked up. */
export async function withTexts(error: EncodedError): Promise<EncodedError> {
  const cause = error.cause && (await withTexts(error.cause));
  let { message } = error;
  if (innermost.test(message)) {
    const texts = await errorTexts();
    for (let match = innermost.exec(message); match; match = innermost.exec(message)) {
      const [all, number, values] = match;
      message = message.replace(all, () => fill(texts[Number(number)], number, values.split('\ue001').slice(1)));
    }
  }
  return { ...error, message, ...(cause ? { cause } : {}) };
}

function fill(text: string | undefined, number: string, values: readonly string[]): string {
  if (text === undefined) return `message ${number} (${values.join(', ')})`;
  return text.split('\ue001').reduce((before, after, i) => before + values[i - 1] + after);
}
