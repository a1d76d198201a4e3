import { probeWebGpu } from '../backends/webgpu/probe-webgpu.ts';
import type { WebGpuCapabilities } from '../backends/webgpu/webgpu-capabilities.ts';
import { processors } from '../platform/processors.ts';

/** What this machine can do. Found out without a download and without keeping a GPU busy. */
export interface Capabilities {
  /** Undefined where there is no WebGPU or no adapter. */
  readonly webgpu?: WebGpuCapabilities;
  readonly wasm: { readonly available: boolean; readonly simd: boolean; readonly relaxedSimd: boolean };
  /** Threads the WASM backend can use: 1 unless the page is cross-origin isolated. */
  readonly threads: number;
  readonly crossOriginIsolated: boolean;
  /** Undefined where the platform does not tell. In bytes. */
  readonly storage?: {
    readonly quota: number;
    readonly usage: number;
    readonly persisted: boolean;
    readonly originPrivate: boolean;
  };
}

/**
 * What this machine can do, before any download: backends, features, threads, free storage. Never throws.
 *
 * @example
 * const { webgpu, storage } = await probe();
 */
export async function probe(): Promise<Capabilities> {
  const isolated =
    typeof crossOriginIsolated === 'boolean' ? crossOriginIsolated : typeof SharedArrayBuffer !== 'undefined';
  const [webgpu, storage] = await Promise.all([probeWebGpu(), probeStorage().catch(() => undefined)]);
  return {
    ...(webgpu ? { webgpu } : {}),
    wasm: probeWasm(),
    // WebKitGTK calls pages isolated and has no shared memory all the same.
    threads: isolated && typeof SharedArrayBuffer !== 'undefined' ? processors() : 1,
    crossOriginIsolated: isolated,
    ...(storage ? { storage } : {}),
  };
}

async function probeStorage(): Promise<Capabilities['storage']> {
  const manager = globalThis.navigator?.storage;
  if (!manager?.estimate) return undefined;
  const [{ quota = 0, usage = 0 }, persisted] = await Promise.all([manager.estimate(), manager.persisted?.() ?? false]);
  return { quota, usage, persisted, originPrivate: typeof manager.getDirectory === 'function' };
}

function probeWasm(): Capabilities['wasm'] {
  if (typeof WebAssembly !== 'object') return { available: false, simd: false, relaxedSimd: false };
  // A module with one function () -> v128 whose body is: two zero vectors, one instruction. From the specification's binary format.
  const module = (...instruction: number[]): Uint8Array<ArrayBuffer> => {
    const zero = [0x41, 0, 0xfd, 0x0f]; // i32.const 0, i8x16.splat
    const body = [0, ...zero, ...zero, ...instruction, 0x0b];
    return Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 5, 1, 0x60, 0, 1, 0x7b],
      ...[3, 2, 1, 0],
      ...[10, body.length + 2, 1, body.length, ...body],
    );
  };
  return {
    available: true,
    simd: WebAssembly.validate(module(0xfd, 0x6e)), // i8x16.add
    relaxedSimd: WebAssembly.validate(module(0xfd, 0x80, 0x02)), // i8x16.relaxed_swizzle
  };
}
