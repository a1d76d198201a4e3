/** A member of a struct of the shaders: all take four bytes, one after another. */
interface Member {
  readonly name: string;
  readonly isFloat: boolean;
}

/** Members of a struct in stripped WGSL; the shaders are where it is said, so that no list here can differ. */
export function membersOf(code: string, struct: string): Member[] {
  const [, body] = new RegExp(`struct ${struct}\\{([^}]*)\\}`).exec(code) ?? [];
  if (body === undefined) throw new Error(`no struct ${struct}`);
  return [...body.matchAll(/(\w+):(\w+)/g)].map(([, name, type]) => ({ name, isFloat: type === 'f32' }));
}

/** Bytes of a struct as a uniform binding, which is whole sixteens. */
export const structBytes = (members: readonly Member[]): number => Math.ceil(members.length / 4) * 16;

/** Writes values as the struct has them. @throws Error where one is missing. */
export function packStruct(
  members: readonly Member[],
  memberValue: (name: string) => number | undefined,
  out: DataView<ArrayBuffer>,
): void {
  members.forEach(({ name, isFloat }, i) => {
    const value = memberValue(name);
    if (value === undefined) throw new Error(`no value for ${name}`);
    if (isFloat) out.setFloat32(4 * i, value, true);
    else out.setUint32(4 * i, value, true);
  });
}
