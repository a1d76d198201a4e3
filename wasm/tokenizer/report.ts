// What went wrong, for the host to put into words.
import { mergeLine } from './parse-merges';
import { errorAt, errorId } from './parse-vocabulary';
import { clearMissing, missing } from './symbols';

/** Byte of vocab.json that the last problem concerns. */
export function errorPosition(): u32 {
  return errorAt;
}

/** Id that the last problem concerns. */
export function errorToken(): u32 {
  return errorId;
}

/** Line of merges.txt that the last problem concerns. */
export function errorLine(): u32 {
  return mergeLine;
}

/** First byte without a token since the last call, plus 0x100, or 0. */
export function missingSymbol(): u32 {
  const found = missing;
  clearMissing();
  return found;
}
