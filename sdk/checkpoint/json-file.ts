import { GptletError } from '../errors/gptlet-error.ts';
import { isRecord } from './json-values.ts';
import type { FileSource } from './sources/file-source.ts';
import { openOptional } from './sources/open-optional.ts';
import { readWhole } from './sources/read-file.ts';

// Far above any real one: gpt2's tokenizer.json has 1.4 MB, the index of a large model some hundred kB.
const maxSmallFile = 64 << 20;

/** Reads a small file whole; undefined where there is none. */
export async function readSmallFile(
  source: FileSource,
  name: string,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const file = await openOptional(source, name, signal);
  return file && readWhole(file, maxSmallFile, signal);
}

/** Reads a file that holds one JSON object; undefined where there is none. @throws GptletError BAD_CHECKPOINT */
export async function readJsonFile(
  source: FileSource,
  name: string,
  signal?: AbortSignal,
  open: typeof openOptional = openOptional,
): Promise<Record<string, unknown> | undefined> {
  const file = await open(source, name, signal);
  const bytes = file && (await readWhole(file, maxSmallFile, signal));
  if (bytes === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${source.locate(name)} is not JSON (${(cause as Error).message.slice(0, 200)}). Download or export it again.`,
      { cause },
    );
  }
  if (isRecord(value)) return value;
  throw new GptletError(
    'BAD_CHECKPOINT',
    `${source.locate(name)} does not hold a JSON object. Check that it is the right file.`,
  );
}
