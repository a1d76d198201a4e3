/** The bytes that write a text in UTF-8, none of undefined; char codes are bytes. */
export function utf8Bytes(text: string | undefined): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}
