import * as is from '../options/kinds.ts';
import { oneOf } from './check-parameter.ts';
import type { Endpoint } from './endpoint.ts';
import { jsonResponse } from './json-response.ts';
import { type Kinds, type Refusals, readParameters } from './read-parameters.ts';
import { requireAbility } from './served-models.ts';

/** Of `POST /v1/embeddings`. */
interface EmbeddingParameters {
  readonly model: string;
  readonly input: string | readonly string[];
  /** 'base64' is that of the little-endian f32 numbers; the official client asks for it unless told otherwise. @default 'float' */
  readonly encoding_format?: string;
}

const kinds: Kinds<EmbeddingParameters> = {
  model: is.text,
  input: {
    mustBe: 'a text that is not empty, or an array of them; token ids are not read',
    allows: (value) => is.text.allows(value) || (Array.isArray(value) && value.length > 0),
    parts: (name, value: unknown) => [[name, [value].flat(), is.filledTexts]],
  },
  encoding_format: oneOf('float', 'base64'),
};

const refusals: Refusals = { dimensions: 'an embedding has as many as the model is wide' };

/** `POST /v1/embeddings`: of each text the final hidden state at its last token, scaled to length 1 as OpenAI's are. */
export const embeddings: Endpoint = async (body, models, { signal }) => {
  const {
    model: name,
    input,
    encoding_format: encoding = 'float',
  } = readParameters<EmbeddingParameters>(kinds, ['model', 'input'], refusals, body);
  const texts = [input].flat();
  const opened = await models.open(name);
  const model = requireAbility(opened, 'embed', name);
  const { tokenizer } = requireAbility(opened, 'tokenizer', name);
  const data: object[] = [];
  for (const [index, text] of texts.entries()) {
    const vector = await model.embed(text, { normalize: true, signal });
    data.push({ object: 'embedding', index, embedding: encoding === 'float' ? Array.from(vector) : base64(vector) });
  }
  const tokens = texts.reduce((sum, text) => sum + tokenizer.count(text), 0);
  return jsonResponse({ object: 'list', data, model: name, usage: { prompt_tokens: tokens, total_tokens: tokens } });
};

function base64(vector: Float32Array): string {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
