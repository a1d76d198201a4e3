import { type PickleGlobals, unpickle } from './pickle.ts';

/** A tensor as torch pickles it: a strided view into a storage, which is a file beside the pickle. */
export interface PickledTensor {
  readonly storageKey: string;
  /** safetensors' name of the element type. */
  readonly type: string;
  /** In elements, as are the strides. */
  readonly storageOffset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

class Storage {
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

class Tensor implements PickledTensor {
  readonly storageKey: string;
  readonly type: string;
  readonly storageOffset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: Storage, storageOffset: number, shape: readonly number[], strides: readonly number[]) {
    this.storageKey = storage.key;
    this.type = storage.type;
    this.storageOffset = storageOffset;
    this.shape = shape;
    this.strides = strides;
  }
}

/**
 * Reads the pickle inside a torch file: a table of names to tensors.
 *
 * @throws Error for anything else, naming what it was: no other code of Python's is ever reached.
 */
export function readTensorPickle(bytes: Uint8Array): Map<string, PickledTensor> {
  const table = unpickle(bytes, torchGlobals());
  if (!(table instanceof Map)) throw new Error('it holds no table of names to tensors');
  for (const [name, value] of table) {
    if (typeof name !== 'string' || !(value instanceof Tensor)) {
      throw new Error(
        `its entry ${JSON.stringify(name)?.slice(0, 100)} is no tensor; save the model's state_dict alone`,
      );
    }
  }
  return table as Map<string, PickledTensor>;
}

function torchGlobals(): PickleGlobals {
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
      throw new Error(
        `it refers to '${`${module}.${name}`.slice(0, 200)}', which is no part of a tensor and is never run`,
      );
    },
    call(callee, args) {
      if (callee === orderedDict && args.length === 0) return new Map();
      if (callee === rebuildParameter && args[0] instanceof Tensor) return args[0];
      if (callee === rebuildTensor) return tensorOf(args);
      throw new Error('it makes a call that builds no tensor');
    },
    persistent(id) {
      // ('storage', type, key, device, number of elements)
      if (!Array.isArray(id) || id[0] !== 'storage' || !(id[1] instanceof StorageType) || typeof id[2] !== 'string') {
        throw new Error('it refers to something outside that is no storage');
      }
      return new Storage(id[2], id[1].type);
    },
  };
}

function tensorOf([storage, offset, shape, strides]: readonly unknown[]): Tensor {
  if (
    !(storage instanceof Storage) ||
    !isSize(offset) ||
    !isSizes(shape) ||
    !isSizes(strides) ||
    shape.length !== strides.length
  ) {
    throw new Error('it builds a tensor from values that make none');
  }
  return new Tensor(storage, offset, shape, strides);
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 16 && value.every(isSize);
