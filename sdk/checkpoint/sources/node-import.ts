import { GptletError } from '../../api/errors.ts';

interface NodeModules {
  'node:fs/promises': typeof import('node:fs/promises');
  'node:url': typeof import('node:url');
  'node:path': typeof import('node:path');
  'node:os': typeof import('node:os');
}

/** Whether Node's (or Bun's, Deno's) own modules can be had here; not in a page, nor in Electron's pages. */
export function hasNodeModules(): boolean {
  const process = (globalThis as { process?: { versions?: { node?: string }; type?: string } }).process;
  return process?.versions?.node !== undefined && process.type !== 'renderer';
}

/**
 * One of Node's own modules, got without an import statement: bundlers for pages stumble over `node:` names. Call
 * it only where {@link hasNodeModules} is true.
 *
 * @throws GptletError UNSUPPORTED_PLATFORM before Node 20.16.
 */
export async function importNode<Name extends keyof NodeModules>(name: Name): Promise<NodeModules[Name]> {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown; version?: string } };
  if (!process?.getBuiltinModule) {
    throw new GptletError(
      'UNSUPPORTED_PLATFORM',
      `Reading files needs Node 20.16 or newer; this is ${process?.version}.`,
    );
  }
  return process.getBuiltinModule(name) as NodeModules[Name];
}
