import { callId } from '../chat/call-id.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import type { ToolCall } from '../loaded-model/message.ts';
import type { ToolCallPiece } from './wire.ts';

interface Begun {
  readonly index: number | undefined;
  readonly id: string;
  name: string;
  arguments: string;
}

/** Joins calls of tools from the pieces in which servers stream them. */
export class ToolCallPieces {
  readonly #calls: Begun[] = [];

  push(pieces: readonly ToolCallPiece[]): void {
    for (const piece of pieces) {
      const call = this.#callOf(piece);
      const { name, arguments: given } = piece.function ?? {};
      // Sent once by most, with every piece by some.
      call.name ||= name ?? '';
      // A text in pieces; some send the object.
      if (given != null) call.arguments += typeof given === 'string' ? given : JSON.stringify(given);
    }
  }

  /** @param isCut whether the answer ended before its time: the last call may be a half one, which is then left out */
  finish(isCut: boolean): ToolCall[] {
    return this.#calls.flatMap(({ id, name, arguments: text }, i) => {
      const mayBeHalf = isCut && i === this.#calls.length - 1;
      const given = parseObject(text || (mayBeHalf ? '' : '{}'));
      if (given && name) return [{ id, name, arguments: given }];
      if (mayBeHalf) return [];
      throw new GptletError(
        'INTEGRITY',
        `The server sent a call of the tool ${show(name)} whose arguments are no JSON object: ${show(text)}. Ask again; if it is always so, the server reads this model's calls wrongly.`,
      );
    });
  }

  /** The call that a piece is of: one begins with an index of its own, or, where servers give all the same or none, with another id. */
  #callOf({ index, id }: ToolCallPiece): Begun {
    const of = this.#calls.findLast((call) => call.index === (index ?? undefined));
    if (of && (!id || id === of.id)) return of;
    const begun: Begun = { index: index ?? undefined, id: id || callId(), name: '', arguments: '' };
    this.#calls.push(begun);
    return begun;
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
