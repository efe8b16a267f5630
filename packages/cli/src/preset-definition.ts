import { presetSettingNames } from '@counterseal/protocol';
import { UsageError } from './failures.js';
import { type Parameters, parseAssignments, parseJsonObject, wireText } from './parameters.js';

/** What the user wrote down about a preset. */
export interface PresetDefinition {
  readonly name: string | null;
  readonly unsigned: boolean;
  readonly disallowPublicId: boolean;
  readonly settings: Parameters;
}

export interface PresetOptions {
  readonly set?: readonly string[];
  readonly unsigned?: true;
  readonly disallowPublicId?: true;
}

/**
 * Reads `presets create NAME --set a=b`, or `presets create '{"name":...}'` with the fields of the Admin API: `name`,
 * `unsigned`, `disallow_public_id`, everything else a setting (upload-api reference, section 3.4). Options add to the JSON.
 */
export function readPresetDefinition(argument: string | undefined, options: PresetOptions): PresetDefinition {
  const json = argument?.trimStart().startsWith('{') ? parseJsonObject(argument) : null;
  const {
    name = json === null ? (argument ?? null) : null,
    unsigned,
    disallow_public_id,
    ...rest
  } = json ?? {};
  const written = Object.entries(rest).filter(([, value]) => value !== null);
  const settings = {
    ...Object.fromEntries(written.map(([key, value]) => [key, settingText(key, value)])),
    ...parseAssignments(options.set ?? []),
  };
  const unknown = Object.keys(settings).filter((key) => !presetSettingNames.has(key));
  if (unknown.length > 0) throw new UsageError(`not a setting of an upload preset: ${unknown.join(', ')}`);
  if (name !== null && typeof name !== 'string') throw new UsageError('name must be text');
  return {
    name,
    unsigned: options.unsigned === true || isTrue('unsigned', unsigned),
    disallowPublicId: options.disallowPublicId === true || isTrue('disallow_public_id', disallow_public_id),
    settings,
  };
}

/** `context`, `metadata` and the JSON-typed settings may be written as objects. */
function settingText(name: string, value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wireText(name, value);
  if (name !== 'context' && name !== 'metadata') return JSON.stringify(value);
  return Object.entries(value)
    .map(([key, item]) => `${escapePair(key)}=${escapePair(wireText(name, item))}`)
    .join('|');
}

/** Upload-api reference, section 3.3: `\=` and `\|` are escapes, a literal backslash is doubled. */
function escapePair(text: string): string {
  return text.replace(/[\\=|]/g, (character) => `\\${character}`);
}

function isTrue(name: string, value: unknown): boolean {
  const meanings = new Map<unknown, boolean>([
    [undefined, false],
    [null, false],
    [false, false],
    ['false', false],
    [0, false],
    ['0', false],
    [true, true],
    ['true', true],
    [1, true],
    ['1', true],
  ]);
  const meaning = meanings.get(value);
  if (meaning === undefined) throw new UsageError(`${name} must be true or false`);
  return meaning;
}
