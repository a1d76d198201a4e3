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

  async choose(texts: readonly string[]): Promise<string> {
    if (texts.length > 1) return this.#whole({ constraint: { choices: [...texts] } });
    this.force(texts[0]);
    return texts[0];
  }

  async json(schema: JsonSchema | boolean): Promise<string> {
    return this.#whole({ constraint: { jsonSchema: schema as object } });
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
