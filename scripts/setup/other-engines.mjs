// Finds Firefox and WebKit for the browser tests, and installs them where that takes one command. Node built-ins only.
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runInstaller } from './run-installer.mjs';

/** Path of a Firefox, $GPTLET_FIREFOX or the system's, or undefined. */
export function findFirefox() {
  return process.env.GPTLET_FIREFOX || onPath('firefox-esr') || onPath('firefox');
}

/** Paths of WebKitGTK's driver and browser and of the display they need, or undefined where one is missing. */
export function findWebKit() {
  const [driver, display] = [onPath('WebKitWebDriver'), onPath('xvfb-run')];
  const browser = folders('/usr/lib', 'webkit2gtk-4.1').concat(folders('/usr/libexec', 'webkit2gtk-4.1'))[0];
  return driver && display && browser ? { driver, display, browser } : undefined;
}

/** On Debian, as root, installs what is missing. What cannot be installed is left out: its tests say so and are skipped. */
export async function ensureOtherEngines() {
  if (findFirefox() && findWebKit()) return;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  const packages = ['firefox-esr', 'mesa-vulkan-drivers', 'webkit2gtk-driver', 'xvfb', 'xauth'];
  const commands = [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages],
  ];
  for (const command of commands) {
    console.error(`No Firefox or no WebKit: ${command.join(' ')} …`);
    await runInstaller(command);
  }
}

function onPath(name) {
  const all = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return all.find((path) => existsSync(path));
}

/** Browsers of WebKitGTK below a folder, which may be one a processor architecture. */
function folders(base, name) {
  if (!existsSync(base)) return [];
  return ['', ...readdirSync(base)]
    .map((folder) => join(base, folder, name, 'MiniBrowser'))
    .filter((path) => existsSync(path));
}
