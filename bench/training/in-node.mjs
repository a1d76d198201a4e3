// One training in this Node. Usage: node in-node.mjs JSON: what trainOnce takes. Prints JSON, with megabytes that the process grew by.
import * as gptlet from '../../dist/index.js';
import * as training from '../../dist/training.js';
import { trainOnce } from './train-once.mjs';

const given = JSON.parse(process.argv[2]);
let most = 0;
const look = () => (most = Math.max(most, process.memoryUsage().rss));
const model = await gptlet.loadModel(given.source, { dtype: given.dtype, backend: 'wasm', threads: given.threads });
await model.embed('warm');
const before = process.memoryUsage().rss;
await model.dispose();
const timer = setInterval(look, 100);
const result = await trainOnce(gptlet, training, given);
look();
clearInterval(timer);
process.stdout.write(JSON.stringify({ ...result, grownMegabytes: (most - before) / 1e6 }));
process.exit(0);
