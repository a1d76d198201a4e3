/** weights (K, C) · hidden (C) + bias (K). */
export function multiply(weights: Float32Array, hidden: Float32Array, bias?: Float32Array): Float32Array {
  const C = hidden.length;
  return Float32Array.from({ length: weights.length / C }, (_, k) => {
    let sum = bias?.[k] ?? 0;
    for (let c = 0; c < C; c++) sum += weights[k * C + c] * hidden[c];
    return sum;
  });
}
