import { elementBytes } from './element-types.ts';
import { isSize, isSizes } from './json-values.ts';
import { type PickleGlobals, unpickle } from './pickle.ts';
import { PickleError } from './pickle-reader.ts';

class TorchStorage {
  readonly key: string;
  readonly type: string;
  constructor(key: string, type: string) {
    this.key = key;
    this.type = type;
  }
}

class StorageType {
  readonly type: string;
  constructor(type: string) {
    this.type = type;
  }
}

/** A tensor as torch pickles it: a strided view into a storage, which is a file beside the pickle. */
export class PickledTensor {
  readonly storageKey: string;
  /** safetensors' name of the element type. */
  readonly type: string;
  /** In elements, as are the strides. */
  readonly storageOffset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: TorchStorage, storageOffset: number, shape: readonly number[], strides: readonly number[]) {
    this.storageKey = storage.key;
    this.type = storage.type;
    this.storageOffset = storageOffset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** A table of tensors, and the storages that it refers to. */
export interface TensorPickle {
  readonly tensors: ReadonlyMap<string, PickledTensor>;
  /** Bytes that each storage is said to have, by key. */
  readonly storageBytes: ReadonlyMap<string, number>;
  /** Where the pickle ends in the given bytes. */
  readonly end: number;
}

/**
 * Reads the pickle inside a torch file: a table of names to tensors.
 *
 * @throws PickleError for anything else, naming what it was: no other code of Python's is ever reached.
 */
export async function readTensorPickle(bytes: Uint8Array, start = 0): Promise<TensorPickle> {
  const storageBytes = new Map<string, number>();
  const { value, end } = await unpickle(bytes, torchGlobals(storageBytes), start);
  if (!(value instanceof Map)) throw new PickleError('it holds no table of names to tensors');
  for (const [name, tensor] of value) {
    if (typeof name !== 'string' || !(tensor instanceof PickledTensor)) {
      throw new PickleError(
        `its entry ${JSON.stringify(name)?.slice(0, 100)} is no tensor; save the model's state_dict alone`,
      );
    }
  }
  return { tensors: value as Map<string, PickledTensor>, storageBytes, end };
}

function torchGlobals(storageBytes: Map<string, number>): PickleGlobals {
  const storageTypes: Readonly<Record<string, string>> = {
    FloatStorage: 'F32',
    HalfStorage: 'F16',
    BFloat16Storage: 'BF16',
    DoubleStorage: 'F64',
    LongStorage: 'I64',
    IntStorage: 'I32',
    ShortStorage: 'I16',
    CharStorage: 'I8',
    ByteStorage: 'U8',
    BoolStorage: 'BOOL',
  };
  const rebuildTensor = Symbol('torch._utils._rebuild_tensor_v2');
  const rebuildParameter = Symbol('torch._utils._rebuild_parameter');
  const orderedDict = Symbol('collections.OrderedDict');
  const callable = new Map<string, symbol>(
    [rebuildTensor, rebuildParameter, orderedDict].map((symbol) => [symbol.description!, symbol]),
  );
  return {
    find(module, name) {
      const global = callable.get(`${module}.${name}`);
      if (global) return global;
      if (module === 'torch' && Object.hasOwn(storageTypes, name)) return new StorageType(storageTypes[name]);
      throw new PickleError(
        `it refers to '${`${module}.${name}`.slice(0, 200)}', which is no part of a tensor and is never run`,
      );
    },
    call(callee, args) {
      if (callee === orderedDict && args.length === 0) return new Map();
      if (callee === rebuildParameter && args[0] instanceof PickledTensor) return args[0];
      if (callee === rebuildTensor) return tensorOf(args);
      throw new PickleError('it makes a call that builds no tensor');
    },
    persistent(id) {
      if (!Array.isArray(id)) throw new PickleError('it refers to something outside that is no storage');
      // Before torch 1.6 a sixth value could make it a view of another storage.
      const [kind, storageType, key, , elements, view] = id as unknown[];
      const isStorage =
        kind === 'storage' && storageType instanceof StorageType && typeof key === 'string' && isSize(elements);
      if (!isStorage || (view !== undefined && view !== null)) {
        throw new PickleError('it refers to something outside that is no storage');
      }
      storageBytes.set(key, elements * elementBytes[storageType.type]);
      return new TorchStorage(key, storageType.type);
    },
  };
}

function tensorOf([storage, offset, shape, strides]: readonly unknown[]): PickledTensor {
  if (
    !(storage instanceof TorchStorage) ||
    !isSize(offset) ||
    !isSizes(shape) ||
    !isSizes(strides) ||
    shape.length !== strides.length
  ) {
    throw new PickleError('it builds a tensor from values that make none');
  }
  return new PickledTensor(storage, offset, shape, strides);
}
