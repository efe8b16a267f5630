import { UsageError } from './failures.js';

/** Request parameters as text, by wire name, in the order given. */
export type Parameters = Readonly<Record<string, string>>;

const assignment = /^([A-Za-z][A-Za-z0-9_]*)=(.*)$/s;

/** Whether an argument reads as KEY=VALUE. */
export function isAssignment(argument: string): boolean {
  return assignment.test(argument);
}

/** Reads KEY=VALUE arguments. A name given twice is refused: which one counts would be a guess. */
export function parseAssignments(args: readonly string[]): Parameters {
  const parameters = new Map<string, string>();
  for (const argument of args) {
    const [, name, value = ''] = assignment.exec(argument) ?? [];
    if (name === undefined) throw new UsageError(`'${argument}' is not KEY=VALUE`);
    if (parameters.has(name)) throw new UsageError(`${name} was given twice`);
    parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}

/** Reads a JSON object of parameters. Lists are joined as on the wire; null leaves a name out. */
export function parseJsonParameters(text: string): Parameters {
  const fields = Object.entries(parseJsonObject(text));
  return Object.fromEntries(
    fields.filter(([, value]) => value !== null).map(([name, value]) => [name, wireText(name, value)]),
  );
}

export function parseJsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`not valid JSON: ${error instanceof Error ? error.message : text}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError('the JSON must be an object: {"name": "value"}');
  return { ...value };
}

/** One JSON value as the text that stands on the wire (upload-api reference, section 2.1, steps 3 and 5). */
export function wireText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value))
    return value.map((item) => wireText(name, item)).join(name === 'eager' ? '|' : ',');
  throw new UsageError(`${name} must be text, a number, true or false, or a list of these`);
}

/** For options that may be repeated: `--set a=1 --set b=2`. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
