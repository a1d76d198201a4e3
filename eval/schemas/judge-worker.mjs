import { parentPort } from 'node:worker_threads';
import { judgeSchema } from './judge-schema.mjs';

parentPort.on('message', ({ schema, tests }) => parentPort.postMessage(judgeSchema(schema, tests)));
