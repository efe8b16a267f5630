import { parseTransformation } from './parse.js';
import { planRender } from './plan.js';
import type { ClientHints, RenderPlan, SourceFacts } from './types.js';

/** A still, opaque, upright JPEG of 1000 x 500 unless told otherwise. */
export function sourceFacts(facts: Partial<SourceFacts> = {}): SourceFacts {
  return {
    width: 1000,
    height: 500,
    format: 'jpg',
    orientation: 1,
    hasAlpha: false,
    pages: 1,
    faces: [],
    custom: [],
    ...facts,
  };
}

export function plan(
  text: string,
  facts: Partial<SourceFacts> = {},
  options: { extension?: string; hints?: ClientHints } = {},
): RenderPlan {
  return planRender(sourceFacts(facts), parseTransformation(text), {
    extension: options.extension ?? null,
    hints: options.hints ?? null,
  });
}
