import { ApiError, errorBody } from '../../openai/api-error.ts';
import { jsonResponse } from '../../openai/json-response.ts';

/** An answer that says no, as OpenAI's interface does: its clients read `error.message` and `error.code`. */
export function refusal(
  status: number,
  message: string,
  { code = null, headers = {} }: { code?: string | null; headers?: Record<string, string> } = {},
): Response {
  return jsonResponse(errorBody(new ApiError(status, message, null, code)), status, headers);
}
