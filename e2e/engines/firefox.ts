import puppeteer from 'puppeteer-core';
import type { Engine } from './engine.ts';

/** Starts Firefox, over WebDriver BiDi, with WebGPU on whatever Vulkan there is. */
export async function openFirefox(executablePath: string): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: {
      'dom.webgpu.enabled': true,
      'dom.webgpu.workers.enabled': true,
      'gfx.webgpu.ignore-blocklist': true,
    },
  });
  return {
    version: await browser.version(),
    async newPage() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      page.setDefaultTimeout(90_000);
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (run, argument) => page.evaluate(run as never, argument as never),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
