import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** Runs Node on a module given as text, in the repository's root; resolves with what it printed. */
export async function runModule(source: string, nodeArgs: readonly string[] = []): Promise<string> {
  const args = [...nodeArgs, '--input-type=module', '--eval', source];
  const { stdout } = await execFileAsync(process.execPath, args, { maxBuffer: 2 ** 26 });
  return stdout;
}
