import { errorBody, toApiError } from './api-error.ts';

/**
 * A response that sends objects as server-sent events while they come, and `[DONE]` after them. What fails before the first object
 * rejects, to become a response of its own; what fails later is the last event.
 *
 * @param stop aborted when nobody reads the response any more; when it is aborted otherwise, the response's body errors
 */
export async function eventStream(events: AsyncIterable<object>, stop: AbortController): Promise<Response> {
  const iterator = events[Symbol.asyncIterator]();
  const utf8 = new TextEncoder();
  const event = (data: string): Uint8Array<ArrayBuffer> => utf8.encode(`data: ${data}\n\n`);
  let next: IteratorResult<object> | undefined = await iterator.next();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = next ?? (await iterator.next());
        next = undefined;
        controller.enqueue(event(done ? '[DONE]' : JSON.stringify(value)));
        if (done) controller.close();
      } catch (error) {
        if (stop.signal.aborted) return controller.error(stop.signal.reason);
        controller.enqueue(event(JSON.stringify(errorBody(toApiError(error)))));
        controller.close();
      }
    },
    cancel: (reason) => stop.abort(reason),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } });
}
