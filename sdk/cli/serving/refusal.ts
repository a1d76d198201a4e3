/** An answer that says no, as OpenAI's server would: their clients read `error.message` and `error.code`. */
export function refusal(
  status: number,
  message: string,
  { code = null, headers = {} }: { code?: string | null; headers?: Record<string, string> } = {},
): Response {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return Response.json({ error: { message, type, param: null, code } }, { status, headers });
}
