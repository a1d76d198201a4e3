import type { WasmModel } from './wasm-model.ts';

/**
 * Copies the first `tokens` positions of one slot's key-value cache to another. Positions lie in small blocks
 * (wasm/kernels/attention-bytes.ts); a few more than asked for are copied, which does no harm.
 */
export function copySlot(model: WasmModel, from: number, to: number, tokens: number): void {
  const { layout, memory, config } = model;
  const { kv, contextStride: positions } = layout;
  const bytes = new Uint8Array(memory.buffer);
  const distance = (to - from) * kv.slotBytes;
  const count = Math.min(positions, Math.ceil(tokens / 16) * 16);
  const copy = (address: number, length: number): void => {
    bytes.copyWithin(address + distance, address, address + length);
  };
  const tokenBytes = kv.keyHeadBytes / positions;
  for (let layer = 0; layer < config.nLayer; layer++) {
    const base = layout.slots + from * kv.slotBytes + layer * kv.layerBytes;
    for (let head = 0; head < config.nHead; head++) {
      copy(base + head * kv.keyHeadBytes, count * tokenBytes);
      const values = base + kv.valueOffset + head * kv.valueHeadBytes;
      for (let chunk = 0; chunk < tokenBytes; chunk += kv.chunkBytes) {
        copy(values + chunk * positions, count * Math.min(kv.chunkBytes, tokenBytes - chunk));
      }
      if (kv.scaleHeadBytes === 0) continue;
      copy(base + kv.keyScaleOffset + head * kv.scaleHeadBytes, count * 4);
      copy(base + kv.valueScaleOffset + head * kv.scaleHeadBytes, count * 4);
    }
  }
}
