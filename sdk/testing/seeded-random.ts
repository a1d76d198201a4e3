export { seededRandom } from '../platform/seeded-random.ts';
