export async function measureLoading() {
  return [];
}
