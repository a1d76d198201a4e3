import { spawn } from 'node:child_process';

/** Runs a command that asks nothing, its output on standard error. Resolves at its end, however it ended, or after three minutes. */
export function runInstaller([command, ...args], cwd = process.cwd()) {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 2, 2], timeout: 180_000 });
    child.on('close', () => resolve());
    child.on('error', () => resolve());
  });
}
