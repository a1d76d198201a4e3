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
 * Imports one of Node's modules. The specifier is computed, and marked, so that no bundler tries to
 * resolve or replace it; call it only where {@link hasNodeModules} is true.
 */
export function importNode<Name extends keyof NodeModules>(name: Name): Promise<NodeModules[Name]> {
  const specifier = ['node', name.slice(5)].join(':');
  return import(/* webpackIgnore: true */ /* @vite-ignore */ specifier) as Promise<NodeModules[Name]>;
}
