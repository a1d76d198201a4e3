/** Sends a body to a path of the interface. */
export const post = (path: string, body: unknown, init: RequestInit = {}): Request =>
  new Request(`http://localhost/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });

/** The objects of a stream of server-sent events, and whether it ended as it should. */
export async function eventsOf(response: Response): Promise<{ events: unknown[]; done: boolean }> {
  const frames = (await response.text()).split('\n\n');
  if (frames.pop() !== '') throw new Error('The last event has no empty line behind it.');
  const data = frames.map((frame) => {
    if (!frame.startsWith('data: ')) throw new Error(`This is no event: ${frame}`);
    return frame.slice('data: '.length);
  });
  const done = data.at(-1) === '[DONE]';
  return { events: data.slice(0, done ? -1 : undefined).map((each) => JSON.parse(each) as unknown), done };
}
