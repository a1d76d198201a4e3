// The worker's entry: bundled into one self-contained file that runs as a module and as a classic script.
import { expose } from 'comlink';
import { WorkerHost } from './host.ts';

expose(new WorkerHost());
