import { expect, it } from 'vitest';
import { hubClasses } from './hub-classes.ts';
import { paperFamilies } from './read-config.ts';
import { laterFamilies } from './read-later-config.ts';

it('names what the families read', () => {
  const families = [...paperFamilies, ...laterFamilies];
  expect(families.map(({ architecture }) => architecture).sort()).toEqual(Object.keys(hubClasses).sort());
  for (const { architecture, modelType, classPrefixes } of families) {
    expect(hubClasses[architecture][0]).toBe(modelType);
    expect(classPrefixes).toContain(hubClasses[architecture][1]);
  }
});
