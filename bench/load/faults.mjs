// Loads models from a server whose answers go wrong at random, through one cache for every six loads, the last of
// which meets no fault. Every load must end in the right weights or in a clear error, and the last in the weights.
// Usage: node bench/load/faults.mjs [rounds = 200] [seed = 1]

import { importCompiled } from '../compile-testing.mjs';

const { faultRun } = await importCompiled('weight-cache/testing/fault-run.js');
const { largerFiles } = await importCompiled('weight-cache/testing/larger-files.js');
const rounds = Number(process.argv[2] ?? 200);
const start = performance.now();
const report = await faultRun([largerFiles(300_000), largerFiles(300_000, 1)], rounds, Number(process.argv[3] ?? 1));
const list = (counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
console.log(
  `${report.loads} loads met ${report.faults} faults (${list(report.byKind)}) in ${((performance.now() - start) / 1000).toFixed(0)} s`,
);
console.log(
  `${report.survived} gave the right weights, ${report.keptVersion} the older ones in the cache, whole; the others an error (${list(report.errors)}); no wrong weights, no corrupt cache`,
);
