import { createPolicy, type Policy } from './policy.js';
import type { Rule } from './rule.js';
import { allowAmpersand, allowDangerous, allowParameters } from './rules/allow-parameters.js';
import { type AllowedTransformations, allowTransformations } from './rules/allow-transformations.js';
import { allowedValues } from './rules/allowed-values.js';
import { type ForcedValue, force } from './rules/force.js';
import { includeContext } from './rules/include-context.js';
import { includeTags } from './rules/include-tags.js';
import { patterns } from './rules/patterns.js';
import { prefixes } from './rules/prefixes.js';
import { type Range, ranges } from './rules/ranges.js';
import { safePaths } from './rules/safe-paths.js';
import { type TimestampWindow, timestampWindow } from './rules/timestamp-window.js';
import { requirePreset, uploadOnly } from './rules/upload-only.js';

type PerParameter<Limit> = Readonly<Record<string, Limit>>;

/** A policy as data; policy files hold the same members. All are optional, and each one is a rule of its own. */
export interface UploadPolicyOptions {
  /** See {@link allowParameters}. Beside {@link defaultParameters}. */
  readonly allow?: readonly string[];
  readonly force?: PerParameter<ForcedValue>;
  readonly includeTags?: readonly string[];
  readonly includeContext?: Readonly<Record<string, string>>;
  readonly values?: PerParameter<readonly string[]>;
  readonly prefixes?: PerParameter<readonly string[]>;
  readonly patterns?: PerParameter<readonly string[]>;
  readonly ranges?: PerParameter<Range>;
  readonly transformations?: AllowedTransformations;
  readonly timestamp?: TimestampWindow;
  readonly requirePreset?: string;
  readonly allowAmpersand?: readonly string[];
  readonly allowDangerous?: readonly string[];
}

/** What every policy lets a client set: nothing here places, replaces, publishes or processes. */
export const defaultParameters = [
  'source',
  'batch_id',
  'tags',
  'context',
  'custom_coordinates',
  'face_coordinates',
  'use_filename',
  'filename_override',
] as const;

/** `unique_filename=false` with `use_filename` would let a client choose the public id. */
const uniqueOnly = allowedValues({ unique_filename: ['true', '1'] });
const defaults = allowParameters(...defaultParameters);
const onlyUploads = uploadOnly();
const insideFolders = safePaths();

/**
 * The policy to start from. Its signature fits uploads only, its paths stay where they say, and a client may set
 * {@link defaultParameters} and what the options add.
 */
export function uploadPolicy(options: UploadPolicyOptions = {}): Policy {
  const given = <T>(value: T | undefined, rule: (value: T) => Rule): Rule[] =>
    value === undefined ? [] : [rule(value)];
  const ownsUnique = [options.force, options.values].some(
    (part) => part !== undefined && Object.hasOwn(part, 'unique_filename'),
  );
  return createPolicy([
    defaults,
    ...given(options.allow, (names) => allowParameters(...names)),
    ...given(options.allowDangerous, (names) => allowDangerous(...names)),
    ...given(options.allowAmpersand, (names) => allowAmpersand(...names)),
    ...given(options.requirePreset, requirePreset),
    ...given(options.includeTags, (tags) => includeTags(...tags)),
    ...given(options.includeContext, includeContext),
    ...given(options.force, force),
    onlyUploads,
    timestampWindow(options.timestamp),
    insideFolders,
    ...(ownsUnique || options.allow?.includes('unique_filename') ? [] : [uniqueOnly]),
    ...given(options.values, allowedValues),
    ...given(options.prefixes, prefixes),
    ...given(options.patterns, patterns),
    ...given(options.ranges, ranges),
    ...given(options.transformations, allowTransformations),
  ]);
}
