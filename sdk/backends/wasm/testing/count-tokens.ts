import { vi } from 'vitest';
import { WasmModel } from '../wasm-model.ts';

/** Runs `task` and counts the tokens that went through the layers of WASM models meanwhile, and the passes they took. */
export async function countTokens(task: () => Promise<unknown>): Promise<{ tokens: number; passes: number }> {
  const setTokens = vi.spyOn(WasmModel.prototype, 'setTokens');
  try {
    await task();
    const tokens = setTokens.mock.calls
      .flatMap(([, ...sequences]) => sequences)
      .reduce((sum, { length }) => sum + length, 0);
    return { tokens, passes: setTokens.mock.calls.length };
  } finally {
    setTokens.mockRestore();
  }
}
