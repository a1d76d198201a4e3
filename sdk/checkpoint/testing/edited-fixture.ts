import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One tensor of a safetensors file. */
export interface FileTensor {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

/** The files of a checkpoint of fixtures/, whose tensors and config.json `edit` changes first. */
export function editedFixture(
  name: string,
  edit: (tensors: Map<string, FileTensor>, config: Record<string, unknown>) => void,
): Record<'config.json' | 'model.safetensors', Uint8Array<ArrayBuffer>> {
  const folder = fileURLToPath(new URL(`../../../fixtures/${name}/`, import.meta.url));
  const config = JSON.parse(readFileSync(`${folder}config.json`, 'utf8'));
  const file = readFileSync(`${folder}model.safetensors`);
  const dataStart = 8 + Number(file.readBigUInt64LE(0));
  const { __metadata__: _, ...entries } = JSON.parse(file.toString('utf8', 8, dataStart)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map(
    Object.entries(entries).map(
      ([
        key,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]): [string, FileTensor] => [
        key,
        { dtype, shape, bytes: Uint8Array.from(file.subarray(dataStart + begin, dataStart + end)) },
      ],
    ),
  );
  edit(tensors, config);
  let at = 0;
  const header = Object.fromEntries(
    [...tensors].map(([key, { dtype, shape, bytes }]) => {
      at += bytes.length;
      return [key, { dtype, shape, data_offsets: [at - bytes.length, at] }];
    }),
  );
  const text = new TextEncoder().encode(JSON.stringify(header));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(text.length), true);
  return {
    'config.json': new TextEncoder().encode(JSON.stringify(config)),
    'model.safetensors': Uint8Array.from(
      Buffer.concat([prefix, text, ...[...tensors.values()].map(({ bytes }) => bytes)]),
    ),
  };
}

/** Gives every tensor the name that `rename` makes of its own. */
export function renameTensors(tensors: Map<string, FileTensor>, rename: (name: string) => string): void {
  const entries = [...tensors];
  tensors.clear();
  for (const [name, tensor] of entries) tensors.set(rename(name), tensor);
}
