// What the host calls. The exported variables with names of one letter are the state of the tables: together with the
// memory below `sealed` they are a snapshot.
export { stage, addTokens, addMerges, lookUp, addText, finish } from './build';
export { prepare, resize, input, output, startsOut, capacity } from './buffers';
export { setPattern, encode, startsToUnits, keepRest } from './encode';
export { clean } from './split-gpt1';
export { decode, decoded } from './decode';
export { classOf, classTable as a, highRuns as b, highRunCount as c } from './unicode-class';
export { idLimit, places as d, slots as f, slotMask as g } from './vocabulary';
export { pairs as h, pairShift as i, pairMask as j, mergedIds as k, mergeCount as l } from './merge-table';
export { setUnknown, unknownId as m, byteIds as n, letter as o } from './symbols';
export { byteLevel as p } from './token-key';
export { pattern as q, ignoreMerges as r } from './encode';
export { top as s, sealed } from './memory';
