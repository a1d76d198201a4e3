import type { JsonSchema } from '../loaded-model/tool.ts';
import { AnswerCut, type AnswerWriter, type StretchOptions } from './answer-writer.ts';
import type { CallWriter } from './notations/tool-notation.ts';

/** Writes a call behind an answer. @throws AnswerCut where the tokens do not suffice for the whole of it */
export class ModelCallWriter implements CallWriter {
  readonly #answer: AnswerWriter;

  constructor(answer: AnswerWriter) {
    this.#answer = answer;
  }

  force(text: string): void {
    this.#answer.force(text);
  }

  async choose(texts: readonly string[], end = ''): Promise<string> {
    if (texts.length === 1) {
      this.force(texts[0] + end);
      return texts[0];
    }
    const ending = this.#answer.specialTokens.get(end);
    if (ending === undefined) {
      const chosen = await this.#whole({ constraint: { choices: texts.map((text) => text + end) } });
      return chosen.slice(0, chosen.length - end.length);
    }
    // No constraint writes a special token; as one that ends a text it may be drawn all the same.
    const chosen = await this.#whole({ constraint: { choices: [...texts] }, stopTokenIds: [ending] });
    this.force(end);
    return chosen;
  }

  async json(
    schema: JsonSchema | boolean,
    ends: readonly string[] = [],
  ): Promise<{ readonly text: string; readonly end: string }> {
    const whole = await this.#whole({ constraint: { jsonSchema: schema as object, followedBy: [...ends] } });
    const end = ends.find((each) => whole.endsWith(each)) ?? '';
    return { text: whole.slice(0, whole.length - end.length), end };
  }

  async textUntil(end: string): Promise<string> {
    const { text, stopText, finishReason } = await this.#answer.write({ stop: [end] });
    if (finishReason === 'length') throw new AnswerCut('length');
    // It ended its turn instead.
    if (stopText === undefined) this.force(end);
    return text;
  }

  async #whole(options: StretchOptions): Promise<string> {
    const { text, finishReason } = await this.#answer.write(options);
    if (finishReason === 'length') throw new AnswerCut('length');
    return text;
  }
}
