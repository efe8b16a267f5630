import type { Component, Parameter, Settings, Transformation } from './language.js';
import { invalidTransformation } from './refusals.js';
import { vocabulary } from './vocabulary.js';

/** Longest transformation text, in UTF-16 units (threat model T28). */
export const MAX_TRANSFORMATION_LENGTH = 4096;
/** Most components in one transformation. */
export const MAX_COMPONENTS = 32;
/** Most parameters in one component. */
export const MAX_PARAMETERS = 32;

const componentPart = /^(?:\$[A-Za-z][A-Za-z0-9]*(?:_|$)|[a-z]{1,3}_)/;

/** Whether a path segment is a component rather than the start of a public id (transformations reference, section 1.2). */
export function looksLikeComponent(text: string): boolean {
  return text.split(',').every((part) => componentPart.test(part));
}

/**
 * Reads a transformation text, already percent-decoded: components joined by `/`, parameters by `,` (transformations reference,
 * section 1.1). An empty text is the empty transformation. Throws `ApiError` 400 and nothing else; time is linear in the text.
 */
export function parseTransformation(text: string): Transformation {
  if (text.length > MAX_TRANSFORMATION_LENGTH) throw invalidTransformation();
  const components = text.split('/').filter((component) => component !== '');
  if (components.length > MAX_COMPONENTS) throw invalidTransformation();
  return { components: components.map(parseComponent) };
}

function parseComponent(text: string): Component {
  const parts = text.split(',');
  if (parts.length > MAX_PARAMETERS) throw invalidTransformation();
  const parameters: Parameter[] = [];
  const seen = new Set<string>();
  let settings: Settings = {};
  for (const part of parts) {
    const parameter = splitParameter(part);
    const row = vocabulary.get(parameter.key);
    if (row === undefined || (seen.has(parameter.key) && !row.repeats)) throw invalidTransformation();
    seen.add(parameter.key);
    parameters.push(parameter);
    settings = merge(settings, row.read(parameter.value));
  }
  return { parameters, settings };
}

/** A variable's key is `$`; its value keeps the name. */
function splitParameter(part: string): Parameter {
  if (!componentPart.test(part)) throw invalidTransformation();
  if (part.startsWith('$')) return { key: '$', value: part.slice(1) };
  const underscore = part.indexOf('_');
  return { key: part.slice(0, underscore), value: part.slice(underscore + 1) };
}

function merge(settings: Settings, more: Settings): Settings {
  if (settings.flags === undefined || more.flags === undefined) return { ...settings, ...more };
  return { ...settings, flags: [...settings.flags, ...more.flags] };
}
