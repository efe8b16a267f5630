import {
  type ClientHints,
  type Parameter,
  printTransformation,
  type Transformation,
} from '@counterseal/protocol';

/**
 * The text under which a derivative is kept. Equal to the canonical text unless client hints change pixels: then the automatic
 * values name the hint, so that two clients never share what differs. The format a client gets is part of the key already.
 */
export function derivedText(
  transformation: Transformation,
  canonical: string,
  hints: ClientHints | null,
): string {
  if (hints === null || ((hints.dpr ?? 1) === 1 && !hints.saveData)) return canonical;
  const components = transformation.components.map((component) => ({
    ...component,
    parameters: component.parameters.map((parameter) => nameHint(parameter, hints)),
  }));
  return printTransformation({ components });
}

function nameHint(parameter: Parameter, hints: ClientHints): Parameter {
  const { key, value } = parameter;
  if (key === 'dpr' && value === 'auto' && hints.dpr !== null) return { key, value: `auto:${hints.dpr}` };
  if (key === 'q' && hints.saveData && /^auto(?::|$)/.test(value)) return { key, value: `${value}:save` };
  return parameter;
}
