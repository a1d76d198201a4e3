import { LOWER, setClass, UPPER } from './unicode-class';
import { CLASS_RUNS, CLASS_RUNS_LENGTH } from './unicode-tables.gen';

/** Run class in the code for a run of (upper, lower) pairs. */
const PAIRS: u32 = 10;

/** Decodes the run-length code of all classes. */
export function expandRuns(): void {
  let codePoint: u32 = 0;
  let read = CLASS_RUNS;
  const end = CLASS_RUNS + CLASS_RUNS_LENGTH;
  while (read < end) {
    const byte = <u32>load<u8>(read++);
    const number = byte & 15;
    let length = (byte >> 4) + 1;
    if (length == 16) {
      let shift: u32 = 0;
      let more: u32;
      do {
        more = load<u8>(read++);
        length += (more & 127) << shift;
        shift += 7;
      } while (more > 127);
    }
    if (number == PAIRS) {
      for (; length > 0; length--, codePoint += 2) {
        setClass(UPPER, codePoint, codePoint + 1);
        setClass(LOWER, codePoint + 1, codePoint + 2);
      }
    } else {
      setClass(number, codePoint, codePoint + length);
      codePoint += length;
    }
  }
}
