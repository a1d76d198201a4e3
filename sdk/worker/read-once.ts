import type { Remote } from 'comlink';

/**
 * The same remote, of which every property is read once. Comlink makes a proxy at each reading, and has itself told when one is
 * collected: code that runs while the page may be in the browser's back-forward cache, which then drops the page.
 */
export function readOnce<Host>(remote: Remote<Host>): Remote<Host> {
  const read = new Map<PropertyKey, unknown>();
  return new Proxy(remote, {
    get(target, name) {
      if (!read.has(name)) read.set(name, Reflect.get(target, name));
      return read.get(name);
    },
  });
}
