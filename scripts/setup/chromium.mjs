// Finds a Chromium for the browser tests, and installs one where there is none. Node built-ins only.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { runInstaller } from './run-installer.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium: $GPTLET_CHROMIUM, then the system's, then Playwright's; undefined with none of them. */
export function findChromium() {
  return candidates()[0];
}

function candidates() {
  if (process.env.GPTLET_CHROMIUM) return [process.env.GPTLET_CHROMIUM];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).filter(isExecutable);
  return [...found, playwrightChromium()].filter(Boolean);
}

/** As {@link findChromium}, but installs one first where needed: Debian's when run as root there, or Playwright's. */
export async function ensureChromium(root) {
  const asRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  const attempts = [
    [],
    asRootOnDebian && [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ],
    [['npx', 'playwright', 'install', 'chromium']],
  ];
  for (const commands of attempts.filter(Boolean)) {
    for (const command of commands) {
      console.error(`No Chromium that starts: ${command.join(' ')} …`);
      await runInstaller(command, root);
    }
    const path = candidates().find(starts);
    if (path) return path;
  }
  throw new Error(
    'No Chromium for the browser tests: none on PATH that starts, and neither apt nor Playwright could install one. ' +
      'Install Chromium or set GPTLET_CHROMIUM to its path.',
  );
}

/** A downloaded Chromium may lack the system's libraries: `--version` tells without opening anything. */
function starts(path) {
  return spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0;
}

function playwrightChromium() {
  try {
    // Resolved at run time: on a fresh clone Playwright is not there yet.
    const path = createRequire(import.meta.url)('playwright-core').chromium.executablePath();
    return isExecutable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
