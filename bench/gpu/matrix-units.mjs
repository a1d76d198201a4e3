/**
 * Rows and columns of the largest square matrices that an adapter multiplies in f16 and adds in f32 by subgroups of 32 lanes, as
 * matmul-matrices.wgsl has them; 0 for none.
 * @param {GPUAdapterInfo} info
 */
export function matrixUnits({ subgroupMinSize, subgroupMaxSize, subgroupMatrixConfigs = [] }) {
  if (subgroupMinSize !== 32 || subgroupMaxSize !== 32) return 0;
  const sizes = subgroupMatrixConfigs
    .filter(({ componentType, resultComponentType }) => componentType === 'f16' && resultComponentType === 'f32')
    .filter(({ M, N, K }) => M === N && N === K && (M === 8 || M === 16));
  return Math.max(0, ...sizes.map(({ M }) => M));
}
