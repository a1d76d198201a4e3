import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What may go wrong with one answer. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  /** The connection breaks after this many bytes of the body; with status 200 that of the whole file. */
  | { kind: 'cut'; after: number; status?: 200 }
  /** The whole file for every request, as a server without ranges sends it. */
  | { kind: 'no-range' }
  /** As no-range, without telling the length. */
  | { kind: 'chunked' }
  /** Content-Length says less than there is; the rest is not sent. */
  | { kind: 'short'; bytes: number; status?: 200 }
  /** Sends this many bytes, then nothing more, and keeps the connection. */
  | { kind: 'stall'; after: number }
  /** A few bytes at a time. */
  | { kind: 'drip' }
  | { kind: 'redirect' }
  /** Of this Content-Type. */
  | { kind: 'typed'; type: string }
  /** The whole file, compressed; Content-Length is of what is sent. */
  | { kind: 'encoded'; encoding: 'gzip' | 'br' }
  /** 206 of the range that was asked for, compressed. */
  | { kind: 'encoded-range' }
  /** 206 of that range of the compressed file. */
  | { kind: 'range-of-encoded' }
  /** 206 with this Content-Range, or none. */
  | { kind: 'content-range'; value: string | undefined }
  /** 206 of at most this many bytes, and a Content-Range that says so. */
  | { kind: 'few'; bytes: number }
  | { kind: 'html' };

/** One request that came. */
export interface SeenRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export interface FaultyServer extends AsyncDisposable {
  readonly url: URL;
  readonly requests: SeenRequest[];
  /** Answers that the client did not wait for. */
  abandoned: number;
  /** Changes what is served, and with it the ETag. */
  files: Record<string, Uint8Array>;
  etag: string;
}

/** Serves files on 127.0.0.1, each answer with the fault that `fault` chooses for it, or none. */
export async function startFaultyServer(
  files: Record<string, Uint8Array>,
  fault: (request: SeenRequest, count: number) => Fault | undefined = () => undefined,
): Promise<FaultyServer> {
  const requests: SeenRequest[] = [];
  const http = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const seen = { path, range: request.headers.range, authorization: request.headers.authorization };
    requests.push(seen);
    response.on('close', () => {
      if (!response.writableFinished) server.abandoned++;
    });
    answer(server, request, response, fault(seen, requests.length - 1));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: FaultyServer = {
    url: new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/model/`),
    requests,
    abandoned: 0,
    files,
    etag: '"first"',
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

function answer(
  server: FaultyServer,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): void {
  const url = new URL(request.url ?? '/', 'http://x');
  if (fault?.kind === 'status') return void response.writeHead(fault.status, fault.headers).end('no');
  if (fault?.kind === 'html')
    return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>app</title>');
  if (fault?.kind === 'redirect' && !url.searchParams.has('moved')) {
    return void response.writeHead(302, { Location: `${url.pathname}?moved` }).end();
  }
  const plain = server.files[url.pathname.split('/').at(-1) ?? ''];
  const file = plain && fault?.kind === 'range-of-encoded' ? gzipSync(plain) : plain;
  if (!file) return void response.writeHead(404).end('not here');
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const ranged =
    asked !== null && !['no-range', 'chunked', 'encoded'].includes(fault?.kind ?? '') && !(fault && 'status' in fault);
  const start = ranged ? Number(asked[1]) : 0;
  const lastEnd = ranged && asked[2] !== '' ? Math.min(Number(asked[2]) + 1, file.length) : file.length;
  const end = fault?.kind === 'few' ? Math.min(lastEnd, start + fault.bytes) : lastEnd;
  if (ranged && start >= file.length)
    return void response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
  let body: Buffer = Buffer.from(file.subarray(start, end));
  const headers: Record<string, string | number> = { ETag: server.etag };
  if (fault?.kind === 'encoded') {
    body =
      fault.encoding === 'br'
        ? brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })
        : gzipSync(body);
    headers['Content-Encoding'] = fault.encoding;
  }
  if (fault?.kind === 'encoded-range') body = gzipSync(body);
  if (fault?.kind === 'encoded-range' || fault?.kind === 'range-of-encoded') headers['Content-Encoding'] = 'gzip';
  if (fault?.kind === 'typed') headers['Content-Type'] = fault.type;
  if (fault?.kind !== 'chunked')
    headers['Content-Length'] = fault?.kind === 'short' ? Math.min(fault.bytes, body.length) : body.length;
  const contentRange = fault?.kind === 'content-range' ? fault.value : `bytes ${start}-${end - 1}/${file.length}`;
  if (ranged && contentRange) headers['Content-Range'] = contentRange;
  response.writeHead(ranged ? 206 : 200, headers);
  switch (fault?.kind) {
    case 'cut':
      response.write(body.subarray(0, fault.after), () => setTimeout(() => request.socket.destroy(), 5));
      break;
    case 'stall':
      response.write(body.subarray(0, fault.after));
      break;
    case 'short':
      response.end(body.subarray(0, fault.bytes));
      break;
    case 'drip':
      drip(response, body, 0);
      break;
    default:
      response.end(body);
  }
}

function drip(response: ServerResponse, body: Buffer, at: number): void {
  if (at >= body.length || response.destroyed) return void response.end();
  response.write(body.subarray(at, at + 1021));
  setImmediate(() => drip(response, body, at + 1021));
}
