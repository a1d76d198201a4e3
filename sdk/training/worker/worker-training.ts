// The entry of worker-training.js: trains beside the page's thread. One self-contained file, good as a module and as a classic script.
import { expose } from 'comlink';
import { JobHost } from './job-host.ts';

expose(new JobHost());
