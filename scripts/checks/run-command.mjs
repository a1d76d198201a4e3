import { spawn } from 'node:child_process';

const limitMs = 25 * 60_000;

/** Runs a Node program with its output going to ours. Resolves with the exit code (1 when it ran too long). */
export function runNode(script, args, env = {}) {
  return new Promise((resolve) => {
    const colours = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };
    const child = spawn(process.execPath, [script, ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...colours, ...env },
    });
    const timer = setTimeout(() => {
      console.log(`${script} still runs after ${limitMs / 60_000} minutes: ended.`);
      child.kill('SIGKILL');
    }, limitMs);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}
