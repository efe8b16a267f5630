import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Corner, firstArea, moveArea, resizeArea, typeArea } from './crop-geometry.js';

const image = { width: 400, height: 300 };
const free = { image, aspectRatio: null };
const square = { image, aspectRatio: 1 };

describe('first area', () => {
  test.each([
    [free, 1, { x: 0, y: 0, width: 400, height: 300 }],
    [free, 0.5, { x: 100, y: 75, width: 200, height: 150 }],
    [square, 1, { x: 50, y: 0, width: 300, height: 300 }],
    [{ image, aspectRatio: 4 }, 1, { x: 0, y: 100, width: 400, height: 100 }],
  ])('%j at %d', (rules, ratio, area) => {
    expect(firstArea(rules, ratio)).toEqual(area);
  });
});

test('moving stops at the edge', () => {
  expect(moveArea({ x: 10, y: 10, width: 100, height: 100 }, -50, 1000, free)).toEqual({
    x: 0,
    y: 200,
    width: 100,
    height: 100,
  });
});

test('resizing leaves the opposite corner', () => {
  const area = { x: 100, y: 100, width: 100, height: 100 };
  expect(resizeArea(area, { horizontal: -1, vertical: -1 }, -20, -10, free)).toEqual({
    x: 80,
    y: 90,
    width: 120,
    height: 110,
  });
  expect(resizeArea(area, { horizontal: 1, vertical: 1 }, 30, 5, square)).toEqual({
    x: 100,
    y: 100,
    width: 130,
    height: 130,
  });
  expect(resizeArea(area, { horizontal: 1, vertical: 1 }, 900, 900, square)).toEqual({
    x: 100,
    y: 100,
    width: 200,
    height: 200,
  });
});

test('typed numbers', () => {
  const area = { x: 100, y: 100, width: 100, height: 100 };
  expect(typeArea(area, 'width', 50, free)).toEqual({ ...area, width: 50 });
  expect(typeArea(area, 'height', 50, square)).toEqual({ ...area, width: 50, height: 50 });
  expect(typeArea(area, 'x', Number.NaN, free)).toEqual(area);
});

test('whatever is done, the area is inside, whole, and of its shape', () => {
  const side = fc.constantFrom<-1 | 0 | 1>(-1, 0, 1);
  const step = fc.record({
    horizontal: side,
    vertical: side,
    x: fc.integer({ min: -999, max: 999 }),
    y: fc.integer({ min: -999, max: 999 }),
  });
  const size = fc.record({
    width: fc.integer({ min: 1, max: 5000 }),
    height: fc.integer({ min: 1, max: 5000 }),
  });
  fc.assert(
    fc.property(
      size,
      fc.option(fc.constantFrom(1, 1.5, 0.5)),
      fc.array(step, { maxLength: 20 }),
      (pixels, aspectRatio, steps) => {
        const rules = { image: pixels, aspectRatio };
        let area = firstArea(rules, 0.8);
        for (const { horizontal, vertical, x, y } of steps) {
          const corner: Corner = { horizontal, vertical };
          area =
            horizontal === 0 && vertical === 0
              ? moveArea(area, x, y, rules)
              : resizeArea(area, corner, x, y, rules);
          expect(Object.values(area).every(Number.isInteger)).toBe(true);
          expect(Math.min(area.x, area.y)).toBeGreaterThanOrEqual(0);
          expect(Math.min(area.width, area.height)).toBeGreaterThanOrEqual(1);
          expect(area.x + area.width).toBeLessThanOrEqual(pixels.width);
          expect(area.y + area.height).toBeLessThanOrEqual(pixels.height);
          if (aspectRatio !== null && area.height > 2 && area.width > 2)
            expect(Math.abs(area.width - area.height * aspectRatio)).toBeLessThanOrEqual(
              1.01 * Math.max(1, aspectRatio),
            );
        }
      },
    ),
  );
});
