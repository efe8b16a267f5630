import type { Step } from '@counterseal/protocol';
import { describe, expect, it } from 'vitest';
import { fuseSteps } from './fuse-steps.js';

const window: Step = { op: 'extract', left: 1, top: 2, width: 30, height: 20 };
const resize: Step = { op: 'resize', width: 15, height: 10 };
const salient: Step = { op: 'cover-salient', width: 15, height: 10 };
const extend: Step = { op: 'extend', top: 1, right: 2, bottom: 3, left: 4, background: null };
const flip: Step = { op: 'mirror', axis: 'vertical' };
const under = (alpha: number): Step => ({ op: 'background', color: { r: 1, g: 2, b: 3, alpha } });

describe('fuseSteps', () => {
  it.each([
    { steps: [], rest: 0 },
    { steps: [window], rest: 0 },
    { steps: [resize], rest: 0 },
    { steps: [window, resize, window], rest: 0 },
    { steps: [window, resize, window, extend], rest: 1 },
    { steps: [window, resize, extend], rest: 0 },
    { steps: [salient, extend], rest: 0 },
    { steps: [resize, extend, under(1)], rest: 0 },
    { steps: [resize, extend, under(0.5)], rest: 1 },
    { steps: [resize, under(1), flip], rest: 2 },
    { steps: [window, window], rest: 1 },
    { steps: [resize, resize], rest: 1 },
    { steps: [extend, resize], rest: 1 },
    { steps: [flip, resize], rest: 2 },
  ] as { steps: Step[]; rest: number }[])('leaves $rest of $steps.length steps', ({ steps, rest }) => {
    const head = fuseSteps(steps);
    expect(head.rest).toEqual(rest === 0 ? [] : steps.slice(-rest));
    expect(
      [head.window, head.scale, head.crop, head.extend, head.under].filter((part) => part !== null),
    ).toHaveLength(steps.length - rest);
  });

  it('leaves what adds colour to a grey picture for a pass of its own', () => {
    const blue: Step = { ...extend, background: { r: 0, g: 0, b: 9, alpha: 1 } };
    expect(fuseSteps([resize, blue], { colors: false }).rest).toEqual([blue]);
    expect(fuseSteps([resize, extend], { colors: false }).rest).toEqual([]);
    expect(fuseSteps([resize, extend, under(1)], { colors: false }).rest).toEqual([under(1)]);
  });
});
