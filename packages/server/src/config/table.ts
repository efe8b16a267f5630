import type { z } from 'zod';
import { limitSettings } from './limit-settings.js';
import { placeSettings } from './place-settings.js';
import { ruleSettings } from './rule-settings.js';

/**
 * Every setting: environment name, command-line flag, type, unit, default, one line of documentation. `docs/configuration.md` is
 * generated from this table.
 */
export const configTable = { ...placeSettings, ...limitSettings, ...ruleSettings } as const;

export type SettingName = keyof typeof configTable;

export type Config = { readonly [Name in SettingName]: z.output<(typeof configTable)[Name]['schema']> };
