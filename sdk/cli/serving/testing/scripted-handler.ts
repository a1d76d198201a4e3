import type { FetchHandler } from '../request-server.ts';

/** Answers a POST of `{ text }` with the text, a word at a time over turns of the event loop, and keeps account of it. */
export interface ScriptedHandler {
  readonly handler: FetchHandler;
  /** Texts in the order in which their turns began. */
  readonly begun: readonly string[];
  /** Texts of those that were ended before all was said. */
  readonly aborted: readonly string[];
  /** The most that ran at the same time. */
  readonly mostAtOnce: () => number;
}

export function scriptedHandler(): ScriptedHandler {
  const begun: string[] = [];
  const aborted: string[] = [];
  let running = 0;
  let most = 0;
  const handler: FetchHandler = async (request) => {
    const { text } = (await request.json()) as { text: string };
    begun.push(text);
    most = Math.max(most, ++running);
    const words = text.split(/(?= )/);
    const end = (): void => {
      running--;
      if (words.length > 0) aborted.push(text);
    };
    const encoder = new TextEncoder();
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setImmediate(resolve));
          if (request.signal.aborted) return;
          controller.enqueue(encoder.encode(words.shift()));
          if (words.length > 0) return;
          end();
          controller.close();
        },
        cancel: end,
      }),
    );
  };
  return { handler, begun, aborted, mostAtOnce: () => most };
}
