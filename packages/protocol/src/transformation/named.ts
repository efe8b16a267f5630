import { ApiError } from '../errors.js';
import type { Component, Settings, Transformation } from './language.js';
import { invalidTransformation, invalidValue } from './refusals.js';

/** Deepest nesting of named transformations. */
export const MAX_NAMED_DEPTH = 5;
/** Most components after expansion, and most names that are expanded on the way (empty ones count too). */
export const MAX_EXPANDED_COMPONENTS = 128;

/** Answers the stored transformation of a name; null when there is none. */
export type NamedLookup = (name: string) => Transformation | null;

/** Names that a transformation itself mentions, once each, in order; names inside those are not followed. */
export function namedIn(transformation: Transformation): readonly string[] {
  return [...new Set(transformation.components.flatMap(({ settings }) => settings.named ?? []))];
}

/**
 * Puts stored transformations in the place of their names (transformations reference, section 1.9). Other parameters of the same
 * component follow as a component of their own. Throws `Unknown transformation <name>`; refuses cycles and expansion bombs.
 */
export function expandNamed(transformation: Transformation, lookup: NamedLookup): Transformation {
  const components: Component[] = [];
  let expansions = 0;
  const push = (component: Component) => {
    if (components.length === MAX_EXPANDED_COMPONENTS) throw invalidTransformation();
    components.push(component);
  };
  const expand = (from: Transformation, path: readonly string[]) => {
    for (const component of from.components) {
      for (const name of component.settings.named ?? []) {
        if (path.includes(name) || path.length === MAX_NAMED_DEPTH)
          throw invalidValue('named transformation', name);
        expansions += 1;
        if (expansions > MAX_EXPANDED_COMPONENTS) throw invalidTransformation();
        const stored = lookup(name);
        if (stored === null) throw new ApiError('unknown-transformation', { name });
        expand(stored, [...path, name]);
      }
      const rest = withoutNamed(component);
      if (rest !== null) push(rest);
    }
  };
  expand(transformation, []);
  return { components };
}

function withoutNamed(component: Component): Component | null {
  if (component.settings.named === undefined) return component;
  const parameters = component.parameters.filter(({ key }) => key !== 't');
  if (parameters.length === 0) return null;
  const { named: _, ...settings }: Settings = component.settings;
  return { parameters, settings };
}
