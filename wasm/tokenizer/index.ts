// What the host calls. The exported variables with names of one letter are the state of the tables: together with the
// memory below `sealed` they are a snapshot.
export { stage as stageFiles, addTokens, addMerges, rankTokens, lookUp, addText, finish as finishTables } from './build';
export { prepare as prepareBuffers, resize as resizeInput, input as inputAt, output as outputAt, startsOut, capacity } from './buffers';
export { setPattern, encode as encodeInput, startsToUnits, keepRest } from './encode';
export { clean as cleanInput } from './split-gpt1';
export { decode as decodeIds, decoded as decodedIds } from './decode';
export { classOf, classTable as a, highRuns as b, highRunCount as c } from './unicode-class';
export { idLimit, places as d, slots as f, slotMask as g } from './vocabulary';
export { pairs as h, pairShift as i, pairMask as j, mergedIds as k, mergeCount as l } from './merge-table';
export { setUnknown, unknownId as m, byteIds as n, letter as o } from './symbols';
export { spelling as p } from './token-key';
export { pattern as q, ignoreMerges as r } from './encode';
export { top as s, sealed } from './memory';
export { stageJson, cutJson } from './cut-json';
