/** The largest whole number from `low` to `high` of which `fits` is true; `low` is taken to fit. */
export function largest(low: number, high: number, fits: (value: number) => boolean): number {
  let [least, most] = [low, high];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return least;
}
