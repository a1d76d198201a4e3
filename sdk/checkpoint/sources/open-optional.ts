import type { FileSource, SourceFile } from './file-source.ts';
import { Refusal } from './http-request.ts';

/**
 * Opens a file that need not be there. One that the server refuses counts as absent: object stores answer 403 for what they
 * do not have, since they do not tell strangers what they do.
 */
export async function openOptional(
  source: FileSource,
  name: string,
  signal?: AbortSignal,
): Promise<SourceFile | undefined> {
  try {
    return await source.open(name, signal);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
