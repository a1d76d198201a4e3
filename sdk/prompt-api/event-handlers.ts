type Handler = ((event: never) => unknown) | null;

const handlers = new WeakMap<EventTarget, Map<string, { handler: Handler; listener: (event: Event) => unknown }>>();

/** What an attribute like `onload` holds. */
export const getHandler = <H extends Handler>(target: EventTarget, type: string): H =>
  (handlers.get(target)?.get(type)?.handler ?? null) as H;

/** Sets an attribute like `onload`: a listener that takes the place of the one set before. What is no function is null. */
export function setHandler(target: EventTarget, type: string, given: unknown): void {
  const own = handlers.get(target) ?? new Map();
  handlers.set(target, own);
  const handler = typeof given === 'function' ? (given as Handler) : null;
  const before = own.get(type);
  if (before) {
    // It keeps its place among the listeners.
    before.handler = handler;
    return;
  }
  const entry = { handler, listener: (event: Event) => entry.handler?.call(target, event as never) };
  own.set(type, entry);
  target.addEventListener(type, entry.listener);
}
