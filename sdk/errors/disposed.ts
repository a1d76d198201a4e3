import { GptletError } from './gptlet-error.ts';

/** What every call to a disposed model throws, on either side of the worker boundary. */
export const modelDisposed = (): GptletError =>
  new GptletError('DISPOSED', 'The model was disposed; load it again with loadModel().');
