import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['sdk/**/*.test.ts', 'e2e/package/**/*.test.ts', 'eval/**/*.test.mjs'],
    // Whoever runs package tests alone builds first: they look at dist/.
    // Not one fewer than there are cores, as Vitest would have it: two on most machines.
    maxWorkers: availableParallelism(),
    // The slow reference engine runs 200 tokens in some tests, on machines with two busy cores.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
