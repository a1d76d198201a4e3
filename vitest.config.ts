import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['sdk/**/*.test.ts', 'e2e/package/**/*.test.ts', 'eval/**/*.test.mjs'],
    // Whoever runs package tests alone builds first: they look at dist/.
    // The slow reference engine runs 200 tokens in some tests, on machines with two busy cores.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
