import { GptletError } from '../../errors/gptlet-error.ts';

/** Says what is wrong with an address that a server was to listen on. */
export function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): GptletError {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} of ${host} is in use; choose another with --port, or 0 for any that is free.`,
    EACCES: `Port ${port} of ${host} is not for everyone; choose one above 1023 with --port.`,
    EADDRNOTAVAIL: `${host} is no address of this machine; choose another with --host.`,
    ENOTFOUND: `There is no host ${host}; choose another with --host.`,
  };
  const message = why[cause.code ?? ''] ?? `The server cannot listen on port ${port} of ${host}: ${cause.message}.`;
  return new GptletError('INVALID_OPTION', message, { cause });
}
