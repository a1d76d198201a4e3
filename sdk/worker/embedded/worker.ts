// The entry of the worker that generate() starts for the embedded model; one self-contained file, like worker.ts.
import { expose } from 'comlink';
import { EmbeddedModelHost } from './embedded-model-host.ts';

expose(new EmbeddedModelHost());
