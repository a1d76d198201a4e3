import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** A project as a user has it: a folder far from this repository, with the packed gptlet installed. */
export interface FreshProject {
  readonly folder: string;
  /** Runs one of the project's installed commands to its end. */
  run(command: string, ...args: string[]): Promise<void>;
  /** Starts a command that stays; resolves with the first text on its output that matches. */
  start(pattern: RegExp, command: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Packs gptlet, installs it with `dependencies` into a new folder that holds `files`; `settings` go into its package.json. */
export async function freshProject(
  files: Record<string, string>,
  dependencies: Record<string, string>,
  settings: object = {},
): Promise<FreshProject> {
  const folder = await mkdtemp(join(tmpdir(), 'gptlet-project-'));
  const packed = await npm('.', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder);
  const [{ filename }] = JSON.parse(packed);
  const manifest = {
    ...settings,
    name: 'app',
    private: true,
    type: 'module',
    dependencies: { gptlet: `file:./${filename}`, ...dependencies },
  };
  for (const [path, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  // The tools are in npm's cache already where this repository was installed in the same version.
  await npm(folder, 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock');

  const started = new Set<ReturnType<typeof spawn>>();
  const bin = (command: string) => resolve(folder, 'node_modules/.bin', command);
  return {
    folder,
    async run(command, ...args) {
      await execFileAsync(bin(command), args, { cwd: folder });
    },
    start(pattern, command, ...args) {
      // Playwright asks for colours, which would stand in the middle of addresses.
      const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' };
      const child = spawn(bin(command), args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env });
      started.add(child);
      let output = '';
      return new Promise((found, reject) => {
        const read = (chunk: Buffer) => {
          output += chunk.toString();
          const match = pattern.exec(output);
          if (match) found(match[0]);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.on('exit', () => reject(new Error(`${command} ended: ${output}`)));
      });
    },
    async remove() {
      for (const child of started) child.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Names of the files that a build left, for what must or must not be among them. */
export async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true });
}

async function npm(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await execFileAsync('npm', args, { cwd, maxBuffer: 2 ** 26 });
  return stdout;
}
