import { GptletError } from '../api/errors.ts';

/** The mistake that is made most: passing the AbortController itself. @throws GptletError INVALID_OPTION */
export function checkSignal(signal: AbortSignal | null | undefined): void {
  if (!signal || typeof signal.addEventListener === 'function') return;
  throw new GptletError(
    'INVALID_OPTION',
    `The option 'signal' is ${Object.prototype.toString.call(signal)}; give an AbortSignal, such as the property 'signal' of an AbortController.`,
  );
}
