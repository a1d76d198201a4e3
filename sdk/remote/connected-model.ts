import { nothingSaid } from '../chat/nothing-said.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { Chatting } from '../loaded-model/chatting.ts';
import { checkGenerateOptions, type GenerateOptions } from '../loaded-model/generate-options.ts';
import {
  createGeneration,
  type Generation,
  type GenerationPart,
  type GenerationResult,
} from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { Message } from '../loaded-model/message.ts';
import type { RemoteModel } from '../loaded-model/remote-model.ts';
import { createStreamedRun, type Run } from '../loaded-model/streamed-run.ts';
import type { Server } from './connect-options.ts';

/** {@link RemoteModel} of a server. Its code comes with the first call. */
export class ConnectedModel implements RemoteModel {
  readonly place: 'server' = 'server';
  readonly #server: Server;
  readonly #running = new Set<Promise<unknown>>();
  #disposed = false;

  constructor(server: Server) {
    this.#server = server;
  }

  get name(): string {
    return this.#server.model;
  }

  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    return createGeneration(() => {
      const checked = checkGenerateOptions(options);
      const run = this.#counted<GenerationPart, GenerationResult>(async (onPart, signal) =>
        (await import('./complete.ts')).complete(this.#server, prompt, checked, onPart, signal),
      );
      return { signal: checked.signal, run };
    });
  }

  chat(messages: readonly Message[], options: ChatOptions = {}): Chatting {
    return createStreamedRun(
      () => ({
        signal: options.signal ?? undefined,
        run: this.#counted(async (onPart, signal) =>
          (await import('./converse.ts')).converse(this.#server, messages, options, onPart, signal),
        ),
      }),
      nothingSaid,
    );
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.allSettled(this.#running);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #counted<Part, Result>(run: Run<Part, Result>): Run<Part, Result> {
    return async (onPart, signal) => {
      if (this.#disposed)
        throw new GptletError('DISPOSED', 'The connection was disposed; make another with connect().');
      const running = run(onPart, signal);
      this.#running.add(running);
      try {
        return await running;
      } finally {
        this.#running.delete(running);
      }
    };
  }
}
