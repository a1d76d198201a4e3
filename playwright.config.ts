import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/setup/chromium.mjs';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // A first load compiles WebGPU pipelines on a software adapter, on two busy cores.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  fullyParallel: true,
  workers: 2,
  // What repeats another test in a further variant, minutes on a software adapter.
  grepInvert: process.env.GPTLET_EVERY_TEST ? undefined : /@every/,
  // For what a shared machine does to a browser; `npm test` names each test that needed it, and counts it apart.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  use: {
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
        // Nothing but the page under test may use the network.
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-domain-reliability',
        '--no-default-browser-check',
        '--no-first-run',
      ],
    },
  },
});
