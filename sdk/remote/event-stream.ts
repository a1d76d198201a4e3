/** Of one event: a server that sends no end of it would fill the memory. */
const mostCharacters = 1 << 24;

/**
 * The data of each server-sent event, however its bytes are cut into chunks. Comments, which servers send to keep a connection alive,
 * and fields other than `data` say nothing here. An event without the blank line after it has not arrived whole, and is dropped.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 *
 * @throws RangeError for an event of more than 16 M characters
 */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  /** The beginning of a line. */
  let begun = '';
  /** A carriage return at the end of a chunk, which may be one half of a line's end. */
  let carriage = '';
  let data: string[] = [];
  let dataLength = 0;

  function* lines(text: string): Generator<string> {
    const [first, ...others] = text.split(/\r\n|\r|\n/);
    begun += first;
    for (const next of others) {
      const [, value] = /^data: ?(.*)$/s.exec(begun) ?? [];
      if (value !== undefined) {
        data.push(value);
        dataLength += value.length;
      } else if (begun === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
        dataLength = 0;
      }
      begun = next;
    }
    if (begun.length + dataLength > mostCharacters)
      throw new RangeError(`an event has more than ${mostCharacters} characters`);
  }

  for await (const chunk of chunks) {
    const text = carriage + decoder.decode(chunk, { stream: true });
    carriage = text.endsWith('\r') ? '\r' : '';
    yield* lines(carriage ? text.slice(0, -1) : text);
  }
  if (carriage) yield* lines(carriage);
}
