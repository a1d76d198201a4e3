import { spawn } from 'node:child_process';
import { timeLeft } from './time-limit.mjs';

/** A program that has a limit of its own, as Playwright, comes to its end within this. */
const graceMs = 20_000;

/** Runs a Node program with its output going to ours. Resolves with the exit code (1 when the time for the whole run was over). */
export function runNode(script, args, env = {}) {
  return new Promise((resolve) => {
    const colours = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };
    const child = spawn(process.execPath, [script, ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...colours, ...env },
    });
    const timer = setTimeout(() => {
      console.log(`${script} still runs when the time is over (GPTLET_TEST_MINUTES): ended.`);
      child.kill('SIGKILL');
    }, timeLeft() + graceMs);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}
