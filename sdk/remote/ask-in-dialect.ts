import { GptletError } from '../errors/gptlet-error.ts';
import { askServer } from './ask-server.ts';
import type { Server } from './connect-options.ts';
import type { Chunk } from './wire.ts';

/**
 * {@link askServer} with the name of the limit that this server knows. `max_tokens` is understood by all but OpenAI's newer models,
 * which say when they refuse it that it is `max_completion_tokens` with them.
 *
 * @param body made anew for each try
 */
export async function* askInDialect(
  server: Server,
  path: 'completions' | 'chat/completions',
  body: () => Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  try {
    return yield* askServer(server, path, body(), signal);
  } catch (error) {
    const isRefused = GptletError.isInstance(error) && error.code === 'INVALID_OPTION';
    if (!isRefused || server.dialect.limit !== 'max_tokens' || !error.message.includes('max_completion_tokens'))
      throw error;
  }
  server.dialect.limit = 'max_completion_tokens';
  yield* askServer(server, path, body(), signal);
}
