/** A worker from its source: a blob, which strict pages may forbid (worker-src). */
export function workerFromSource(source: string): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(trusted(url));
  // The script is fetched when the worker starts; after that nobody needs the address.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return worker;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** Pages that require Trusted Types start no worker from a plain string, and make each policy once. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('gptlet', { createScriptURL: (own) => own });
  return policy?.createScriptURL(url) ?? url;
}
