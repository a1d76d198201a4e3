/** A worker from its source: a blob, which strict pages may forbid (worker-src). */
export function workerFromSource(source: string, name?: string): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  // The script is fetched when the worker starts; after that nobody needs the address.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return new Worker(trusted(url), { name });
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** Pages that require Trusted Types start no worker from a plain string, nor do their workers; each makes a policy once. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('gptlet', { createScriptURL: (own) => own });
  return policy?.createScriptURL(url) ?? url;
}
