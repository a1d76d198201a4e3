// What the host calls. The exported variables are the state of the tables: together with the memory below
// `sealed` they are a snapshot.
export { stage, buildVocabulary, buildMerges, finish, keyBuffer, lookUp, addText } from './build';
export { errorPosition, errorToken, errorLine, missingSymbol } from './report';
export { prepare, resize, inputAt, outputAt, startsAt, inputCapacity } from './buffers';
export { setPattern, encode, consumedBytes, startsToUnits, keepRest } from './encode';
export { clean, encodeGpt1 } from './encode-gpt1';
export { decode, decodedIds } from './decode';
export { classOf, classTable, highRuns, highRunCount } from './unicode-class';
export { hasToken, idLimit, starts, lengths, slots, slotMask } from './vocabulary';
export { pairs, pairShift, pairMask, mergedIds, mergeCount } from './merge-table';
export { setUnknown, unknownId, byteIds, letter } from './symbols';
export { byteLevel } from './token-key';
export { pattern, ignoreMerges } from './encode';
export { top, sealed } from './memory';
