import { show } from '../errors/show.ts';
import { ApiError, badRequest } from './api-error.ts';

/** Lists and objects within each other; a deeper body would exhaust the stack of whoever walks through it. */
const DEEPEST = 100;

/**
 * The JSON object that a request sends.
 *
 * @throws ApiError 400 for what is none, 413 above `maxBytes`, 415 for another content type: a browser sends JSON to another site
 *   only after asking it, other types unasked
 */
export async function readBody(request: Request, maxBytes: number): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    const message = `The content type is ${show(type)}; send application/json.`;
    throw new ApiError(415, message, null, 'unsupported_content_type');
  }
  const bytes = await readBytes(request, maxBytes);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badRequest(`The body is not JSON: ${(error as Error).message}.`, null, 'invalid_json');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('The body is no JSON object; send one with the parameters of the request.');
  if (isDeeper(body, DEEPEST)) throw badRequest(`The body is more than ${DEEPEST} objects deep; make it flatter.`);
  return body as Readonly<Record<string, unknown>>;
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): ApiError =>
    new ApiError(413, `The body is larger than ${maxBytes} bytes; send less.`, null, 'request_too_large');
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge();
  // Firefox does not give a request's body as a stream. What is whole already needs no watching while it comes.
  if (!request.body) {
    const whole = new Uint8Array(await request.arrayBuffer());
    if (whole.length > maxBytes) throw tooLarge();
    return whole;
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > maxBytes) {
      reader.cancel().catch(() => {});
      throw tooLarge();
    }
    chunks.push(next.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
