import type { ModelConfig } from '../../model/config.ts';
import { type RotaryAngles, type rotaryAngles, writeRotaryRow } from '../../model/rotary.ts';
import { missingPart } from '../missing-part.ts';
import type { KernelExports, KernelModule } from './kernel-module.ts';
import { activationCodes, structs } from './layouts.gen.ts';
import type { MemoryLayout, PackedMatrix, PlainRows, RotaryTable, WasmDtype } from './memory-layout.ts';
import { type LayerFields, type LinearFields, type ModelField, type ModelFields, writeStruct } from './structs.ts';

/** One model in one WebAssembly memory: its kernels, its layout, and the struct through which jobs are given. */
export class WasmModel {
  readonly config: ModelConfig;
  readonly dtype: WasmDtype;
  readonly memory: WebAssembly.Memory;
  readonly layout: MemoryLayout;
  readonly kernels: KernelExports;
  readonly #turning: readonly (RotaryTable & { readonly angles: RotaryAngles })[];
  #view: DataView;

  constructor(
    config: ModelConfig,
    dtype: WasmDtype,
    layout: MemoryLayout,
    memory: WebAssembly.Memory,
    module: KernelModule,
    anglesOf: typeof rotaryAngles = () => missingPart('rotary positions'),
  ) {
    this.config = config;
    this.dtype = dtype;
    this.layout = layout;
    this.memory = memory;
    this.#turning = [...new Set(layout.rotary)].flatMap((table) =>
      table ? { ...table, angles: anglesOf(table.turn, config.nCtx) } : [],
    );
    const imports = { env: { memory } };
    this.kernels = new WebAssembly.Instance(module.module, imports).exports as unknown as KernelExports;
    this.#view = new DataView(memory.buffer);
    this.#describe(module.relaxed);
  }

  /** A view of the memory as it is now: growing it detaches older ones. */
  get #current(): DataView {
    if (this.#view.buffer !== this.memory.buffer) this.#view = new DataView(this.memory.buffer);
    return this.#view;
  }

  /** Writes an integer field of the model's struct. */
  set(field: ModelField, value: number): void {
    this.#current.setInt32(this.address(field), value, true);
  }

  /** Reads an integer field of the model's struct. */
  get(field: ModelField): number {
    return this.#current.getInt32(this.address(field), true);
  }

  /** Writes fields of the model's struct. */
  describe(fields: ModelFields): void {
    writeStruct(this.#current, this.layout.model, structs.Model, fields);
  }

  /** Writes fields of a layer's struct. */
  describeLayer(layer: number, fields: LayerFields): void {
    writeStruct(this.#current, this.layout.layerStructs[layer], structs.Layer, fields);
  }

  /** Writes fields of a matrix's struct. */
  describeLinear(struct: number, fields: LinearFields): void {
    writeStruct(this.#current, struct, structs.Linear, fields);
  }

  /** Address of a field of the model's struct. */
  address(field: ModelField): number {
    return this.layout.model + structs.Model.offsets[field];
  }

  /** Gives a job and returns when it is done. */
  run(job: ModelFields): void {
    for (const field in job) this.set(field as ModelField, job[field as ModelField] as number);
    this.kernels.forward(this.layout.model);
  }

  /** The sequences of the next pass, one after the other; every one follows the first `position` tokens of the key-value cache. */
  setTokens(position: number, ...sequences: readonly Uint32Array[]): void {
    const { buffers, mostTokens } = this.layout;
    const ids = new Uint32Array(this.memory.buffer, buffers.tokens, mostTokens);
    const positions = new Uint32Array(this.memory.buffer, buffers.sequencePositions, mostTokens);
    let at = 0;
    for (const sequence of sequences) {
      ids.set(sequence, at);
      for (const i of sequence.keys()) {
        for (const { angles, size, address } of this.#turning) {
          writeRotaryRow(angles, position + i, this.floats(address + at * size * 4, size));
        }
        positions[at++] = i;
      }
    }
  }

  /** The tokens, in order, that alone leave the last layer of a job with `stage.wanted`. */
  setWantedRows(rows: readonly number[]): void {
    new Uint32Array(this.memory.buffer, this.layout.buffers.wantedRows, rows.length).set(rows);
    this.set('wantedCount', rows.length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  matrix(name: string): PackedMatrix {
    return this.layout.weights.get(name) as PackedMatrix;
  }

  /** Clears the buffers; their padding must be zero. */
  clearScratch(): void {
    new Uint8Array(this.memory.buffer, this.layout.scratch, this.layout.scratchBytes).fill(0);
  }

  #describe(relaxed: boolean): void {
    const { config, layout } = this;
    const view = this.#current;
    for (const weight of layout.weights.values()) {
      if (weight.kind === 'matrix') writeStruct(view, weight.struct, structs.Linear, weight);
    }
    const vector = (name: string): number => (layout.weights.get(name) as PlainRows | undefined)?.address ?? 0;
    layout.layerStructs.forEach((address, i) => {
      const named = (name: string): string => `blocks.${i}.${name}`;
      const isAttention = config.blockKind[i] === 'attention';
      this.describeLayer(i, {
        norm1Weight: vector(named('norm1.weight')),
        norm1Bias: vector(named('norm1.bias')),
        qkv: this.matrix(named(isAttention ? 'attention.qkv.weight' : 'convolution.in.weight')).struct,
        projection: this.matrix(named(isAttention ? 'attention.projection.weight' : 'convolution.out.weight')).struct,
        norm2Weight: vector(named('norm2.weight')),
        norm2Bias: vector(named('norm2.bias')),
        up: this.matrix(named('mlp.up.weight')).struct,
        down: this.matrix(named('mlp.down.weight')).struct,
        window: config.attentionWindow[i] ?? 0,
        attentionScale: config.attentionScale[i],
        outputNorm1Weight: vector(named('outputNorm1.weight')),
        outputNorm1Bias: vector(named('outputNorm1.bias')),
        outputNorm2Weight: vector(named('outputNorm2.weight')),
        outputNorm2Bias: vector(named('outputNorm2.bias')),
        queryNorm: vector(named('attention.queryNorm.weight')),
        keyNorm: vector(named('attention.keyNorm.weight')),
        rotary: layout.rotary[i]?.address ?? 0,
        rotarySize: layout.rotary[i]?.size ?? 0,
        kernel: vector(named('convolution.kernel.weight')),
        kernelBias: vector(named('convolution.kernel.bias')),
      });
      view.setUint32(layout.layers + 4 * i, address, true);
    });
    this.describe({
      // Most fields are called as they are in the layout.
      ...layout,
      ...layout.buffers,
      ...layout.areaOffsets,
      // A buffer that only inspection names in its jobs.
      probabilities: 0,
      threads: 1,
      relaxed: relaxed ? 1 : 0,
      C: config.nEmbd,
      V: config.vocabSize,
      NH: config.nHead,
      NKV: config.nKvHead,
      HS: config.headSize,
      nInner: config.nInner,
      activation: activationCodes[config.activation],
      postNorm: config.normPlacement === 'post' ? 1 : 0,
      epsilon: config.normEpsilon,
      tokenEmbedding: this.matrix('tokenEmbedding').struct,
      positionEmbedding: vector('positionEmbedding'),
      finalNormWeight: vector('finalNorm.weight'),
      finalNormBias: vector('finalNorm.bias'),
      head: this.matrix(config.tiedHead ? 'tokenEmbedding' : 'head.weight').struct,
      rms: config.normKind === 'rms' ? 1 : 0,
      parallelBlock: config.parallelBlock ? 1 : 0,
      gated: config.gatedMlp ? 1 : 0,
      jointNorm: config.queryKeyNorm === 'joint' ? 1 : 0,
      convolutionSize: config.convolutionSize,
      embeddingScale: config.embeddingScale,
      logitScale: config.logitScale,
      logitCap: config.logitSoftCap,
      attentionCap: config.attentionSoftCap,
    });
  }
}
