import { describe, expect, it } from 'vitest';
import { dimensionCases } from './dimension-cases.test-support.js';
import { plan } from './plan.test-support.js';

/**
 * Cases that need what is not built: each is refused by the name of what it needs. Of the others we differ in none, the open ones
 * (low and medium confidence) included.
 */
const refused: Readonly<Record<string, string>> = {
  d039: 'Unsupported background in transformation: auto',
  d061: 'Unsupported background in transformation: auto',
  d062: 'Unsupported background in transformation: auto',
  d070: 'Unsupported angle in transformation: 45',
  d078: 'Unsupported condition in transformation: ar_lt_1.0',
  d079: 'Unsupported condition in transformation: w_lte_400',
  d080: 'Unsupported condition in transformation: w_gt_1000_and_h_gt_2000',
  d081: 'Unsupported expression in transformation: 100_add_50_mul_2',
  d082: 'Unsupported condition in transformation: w_gt_5',
  d083: 'Unsupported expression in transformation: iw_div_2',
  d084: 'Unsupported expression in transformation: iw_div_4',
  d085: 'Unsupported variable in transformation: size_300',
  d086: 'Unsupported layer in transformation: logo',
  d087: 'Unsupported layer in transformation: folder:logo',
  d088: 'Unsupported layer in transformation: logo',
  d089: 'Unsupported layer in transformation: logo',
  d090: 'Unsupported layer in transformation: logo',
};

describe('sizes of the transformations reference', () => {
  for (const { id, source, transformation, expected, tolerance, confidence } of dimensionCases) {
    const make = () => plan(transformation, { width: source[0], height: source[1] });
    const title = `${id} ${confidence} ${source.join('x')} ${transformation}`;
    const refusal = refused[id];
    if (refusal !== undefined) {
      it(`${title} is refused by name`, () => expect(make).toThrow(refusal));
      continue;
    }
    const [width, height] = expected;
    it(`${title} -> ${width}x${height}`, () => {
      const { size } = make();
      expect(Math.abs(size.width - width)).toBeLessThanOrEqual(tolerance[0]);
      expect(Math.abs(size.height - height)).toBeLessThanOrEqual(tolerance[1]);
    });
  }

  it('has all 90', () => expect(dimensionCases).toHaveLength(90));
});
