import { isIP, isIPv4 } from 'node:net';

/** Whether a host, a name or an address, is reached from its own machine alone. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

/**
 * Tells whether a Host header is one of this server's own: a loopback name, the host that it listens on, or one of `names`. A page
 * whose name was made to point to this machine (DNS rebinding) sends its own name. Where the server listens on every address of the
 * machine, any address will do, since only names can be rebound.
 */
export function hostCheck(host: string, names: readonly string[]): (header: string) => boolean {
  const own = new Set([host, ...names].map((name) => name.toLowerCase()));
  const isEverywhere = host === '0.0.0.0' || host === '::';
  return (header) => {
    const [, address, name = address] = /^(?:\[([\da-f:.]+)\]|([^\s:@/?#\\[\]]+))(?::\d+)?$/i.exec(header) ?? [];
    if (name === undefined) return false;
    const lower = name.toLowerCase();
    return isLoopback(lower) || own.has(lower) || (isEverywhere && isIP(lower) !== 0);
  };
}
