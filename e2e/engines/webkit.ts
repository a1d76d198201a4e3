import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import type { Engine } from './engine.ts';

const startMs = 60_000;

/** Starts WebKitGTK's small browser on a display in memory. */
export async function openWebKit(paths: { driver: string; display: string; browser: string }): Promise<Engine> {
  const port = await freePort();
  // Safari shares memory in isolated pages; Debian's WebKitGTK does so when told.
  const env = { ...process.env, JSC_useSharedArrayBuffer: '1' };
  // A process group of its own: the display, the driver and the browser end together.
  const child = spawn(paths.display, ['-a', paths.driver, `--port=${port}`], { stdio: 'ignore', detached: true, env });
  const end = () => process.kill(-(child.pid as number), 'SIGTERM');
  try {
    const driver = await connect(`http://127.0.0.1:${port}`, paths.browser);
    await driver.manage().setTimeouts({ script: 90_000, pageLoad: 60_000 });
    const capabilities = await driver.getCapabilities();
    const exited = once(child, 'exit');
    return {
      version: `${capabilities.get('browserName')} ${capabilities.get('browserVersion')}`,
      async newPage() {
        return {
          goto: (url) => driver.get(url),
          evaluate: (run, argument) => evaluate(driver, run, argument),
          close: async () => {},
        };
      },
      async close() {
        await driver.quit();
        end();
        await exited;
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

async function connect(server: string, binary: string): Promise<WebDriver> {
  const deadline = Date.now() + startMs;
  for (;;) {
    const answers = await fetch(`${server}/status`).then(
      () => true,
      () => false,
    );
    if (answers) break;
    if (Date.now() > deadline) throw new Error(`WebKitWebDriver did not start within ${startMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const options = { binary, args: ['--automation'] };
  const capabilities = new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options });
  return new Builder().usingServer(server).withCapabilities(capabilities).build();
}

async function evaluate<T, A>(driver: WebDriver, run: (argument: A) => Promise<T>, argument: A): Promise<T> {
  const script = `const done = arguments[1];
    (${run})(arguments[0]).then((value) => done({ value }), (error) => done({ error: String(error) + error.stack }));`;
  const { value, error } = await driver.executeAsyncScript<{ value: T; error?: string }>(script, argument ?? null);
  if (error) throw new Error(error);
  return value;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
