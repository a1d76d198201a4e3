import { GptletError } from '../errors/gptlet-error.ts';

interface NodeModules {
  'node:fs/promises': typeof import('node:fs/promises');
  'node:url': typeof import('node:url');
  'node:path': typeof import('node:path');
  'node:os': typeof import('node:os');
  'node:process': typeof import('node:process');
  'node:worker_threads': typeof import('node:worker_threads');
}

interface NodeProcess {
  readonly type?: string;
  readonly version?: string;
  readonly versions?: { readonly node?: string };
  getBuiltinModule?(name: string): unknown;
}

const nodeProcess = (): NodeProcess | undefined => (globalThis as { process?: NodeProcess }).process;

/** Whether Node's (or Bun's, Deno's) own modules can be had here; not in a page, nor in Electron's pages. */
export function hasNodeModules(): boolean {
  const process = nodeProcess();
  return process?.versions?.node !== undefined && process.type !== 'renderer';
}

/**
 * One of Node's own modules, or undefined where there is none. Without an import statement: bundlers for pages
 * stumble over `node:` names.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return hasNodeModules() ? (nodeProcess()?.getBuiltinModule?.(name) as NodeModules[Name] | undefined) : undefined;
}

/** As {@link nodeModule}, where it must be there. @throws GptletError UNSUPPORTED_PLATFORM before Node 20.16. */
export async function importNode<Name extends keyof NodeModules>(name: Name): Promise<NodeModules[Name]> {
  const module = nodeModule(name);
  if (module) return module;
  throw new GptletError(
    'UNSUPPORTED_PLATFORM',
    `Reading files needs Node 20.16 or newer; this is ${nodeProcess()?.version ?? 'not Node'}.`,
  );
}
