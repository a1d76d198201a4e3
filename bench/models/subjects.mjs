// What runs a shape: gptlet and its peers, with their files.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ggufTensors, writeGgufModel } from './peers/gguf-model.mjs';
import { writeOnnxModel } from './peers/onnx-model.mjs';
import { shapes } from './shapes.mjs';

/** Most tokens that an engine has to have room for. */
const contextLength = 1024;
/** Bytes of one weight of a matrix in an ONNX file; a q4 block has an f32 scale for 32 weights. */
const onnxBytes = { q8: 1, q4: 0.5 + 4 / 32 };
const ggufKinds = { q8: 'q8_0', q4: 'q4_0' };

/** Engine → a subject of a shape, or undefined where the engine does not run it. `valueBytes` are those of a value in its KV cache. */
const engines = {
  gptlet: ({ shape, dtype, backend }) => ({
    subject: `gptlet ${dtype}`,
    page: 'models/page/gptlet.mjs',
    options: { shape, dtype, backend, contextLength },
    valueBytes: backend === 'wasm' ? 1 : 2,
  }),
  wllama: ({ shape, config, dtype, backend }) =>
    dtype in ggufKinds && {
      ...gguf(shape, config, dtype),
      subject: `wllama ${ggufKinds[dtype]}`,
      page: 'cpu/page/wllama.js',
      options: { gpuLayers: backend === 'webgpu' ? 999 : 0 },
      valueBytes: 2,
    },
  ort: ({ shape, config, dtype, backend }) =>
    dtype in onnxBytes &&
    // Its WebGPU part has no operators of the 8-bit models: they would run on the CPU.
    !(backend === 'webgpu' && dtype === 'q8') && {
      file: `${shape}-${dtype}.onnx`,
      write: (file) => writeOnnxModel(file, config, dtype),
      weightBytes: onnxBytes[dtype] * matrixWeights(config),
      subject: `onnxruntime-web ${dtype}`,
      page: 'cpu/page/onnxruntime.js',
      options: { layers: config.nLayer, provider: backend },
      valueBytes: 4,
    },
  'gemma-webgpu': ({ shape, config, dtype, backend }) =>
    config.architecture === 'gemma3' &&
    dtype === 'q8' &&
    backend === 'webgpu' && {
      ...gguf(shape, config, dtype),
      subject: 'gemma-webgpu q8_0',
      page: 'models/page/gemma-webgpu.mjs',
      options: { contextLength },
      valueBytes: 4,
    },
};

export const engineNames = Object.keys(engines);

/** Subjects of a shape by engine and dtype, in the order in which they take turns. */
export function subjectsOf(shape, { engineNames, dtypes, backend }) {
  const { config } = shapes[shape];
  return dtypes.flatMap((dtype) =>
    engineNames.map((name) => engines[name]({ shape, config, dtype, backend })).filter(Boolean),
  );
}

/** Writes the files of subjects that are not in `folder` yet. */
export function writeFiles(folder, subjects) {
  for (const { file, write } of subjects) {
    if (!file || existsSync(join(folder, file))) continue;
    process.stderr.write(`writing ${file}\n`);
    const part = join(folder, `${file}.part`);
    write(part);
    renameSync(part, join(folder, file));
  }
}

/** Bytes of keys and values that a token in the middle of a run reads. */
export function cacheBytes({ nKvHead, headSize, nLayer }, positions, valueBytes) {
  return 2 * nKvHead * headSize * nLayer * positions * valueBytes;
}

function gguf(shape, config, dtype) {
  const kind = ggufKinds[dtype];
  return {
    file: `${shape}-${kind}.gguf`,
    write: (file) => writeGgufModel(file, config, kind),
    weightBytes: ggufTensors(config, kind).bytes,
  };
}

/** Weights of all matrices that a token meets: each once, for the embedding is also the head. */
function matrixWeights({ nLayer, nEmbd, nHead, nKvHead, headSize, nInner, vocabSize }) {
  const [A, K] = [nHead * headSize, nKvHead * headSize];
  return nLayer * nEmbd * (A + 2 * K + A + 3 * nInner) + vocabSize * nEmbd;
}
