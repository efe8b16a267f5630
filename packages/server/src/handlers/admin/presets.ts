import {
  ApiError,
  describeTransformation,
  operations,
  parseEager,
  parseTransformation,
  presetSettingNames,
} from '@counterseal/protocol';
import type { Answer, Call, Handler } from '../../http/call.js';
import { type Parameters, refuseUnsupported } from '../../http/parameters.js';
import type { AccountStore, UploadPreset } from '../../ports/account-store.js';
import type { Clock } from '../../ports/clock.js';
import { DuplicateError } from '../../ports/io.js';
import { randomHexId, randomId } from '../../services/random-id.js';
import { readBoolean, readInteger, readText } from '../read-parameters.js';
import { readUploadCommand } from '../upload/read-upload-command.js';
import { audit } from './audit.js';
import { printCursor, readNameCursor } from './cursor.js';

/** Upload presets (upload-api reference, sections 3.4 and 7.1; observed behaviours, section 7). */
interface PresetDeps {
  readonly accounts: AccountStore;
  readonly clock: Clock;
}

const defaultResults = 10;
const maxResults = 500;
/** Random names are hard to guess (threat model T4). */
const randomNameCharacters = 12;

/** `GET /upload_presets`. */
export function listPresets({ accounts }: PresetDeps): Handler {
  return async ({ cloud, parameters }) => {
    const limit = readInteger(parameters, 'max_results', {
      fallback: defaultResults,
      minimum: 1,
      maximum: maxResults,
    });
    const cursor = readText(parameters, 'next_cursor');
    const after = cursor === null ? null : readNameCursor(cursor);
    const found = await accounts.listPresets({ cloud, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      body: {
        presets: page.map(presetAnswer),
        ...(found.length > limit && last !== undefined ? { next_cursor: printCursor(last.name) } : {}),
      },
    };
  };
}

/** `GET /upload_presets/:name`. */
export function showPreset({ accounts }: PresetDeps): Handler {
  return async (call) => ({ body: presetAnswer(await requireOne(call, accounts)) });
}

/** `POST /upload_presets`. Without a name, a random one is made. */
export function createPreset(deps: PresetDeps): Handler {
  return async (call) => {
    const name = readText(call.parameters, 'name') ?? randomId(randomNameCharacters);
    if (name.length > 255 || /[/\\?&#%<>]/.test(name)) {
      throw new ApiError('invalid-value', { name: 'name', value: name.slice(0, 100) });
    }
    const preset: UploadPreset = {
      cloud: call.cloud,
      name,
      externalId: randomHexId(),
      unsigned: readBoolean(call.parameters, 'unsigned'),
      disallowPublicId: readBoolean(call.parameters, 'disallow_public_id'),
      settings: readSettings(call.cloud, call.parameters),
      createdAtMs: deps.clock.now(),
    };
    try {
      await deps.accounts.createPreset(preset);
    } catch (error) {
      throw error instanceof DuplicateError ? new ApiError('preset-exists', { name }) : error;
    }
    await audit(call, deps, 'create-preset', name);
    return { body: { message: 'created', name, external_id: preset.externalId } };
  };
}

/** `PUT /upload_presets/:name`: what is given replaces, what is not given stays. */
export function updatePreset(deps: PresetDeps): Handler {
  return async (call) => {
    const found = await requireOne(call, deps.accounts);
    const settings = { ...found.settings, ...readSettings(call.cloud, call.parameters) };
    readUploadCommand(new Map(Object.entries(settings)), settingsContext(call.cloud));
    await deps.accounts.updatePreset({
      ...found,
      unsigned: readBoolean(call.parameters, 'unsigned', found.unsigned),
      disallowPublicId: readBoolean(call.parameters, 'disallow_public_id', found.disallowPublicId),
      settings,
    });
    await audit(call, deps, 'update-preset', found.name);
    return { body: { message: 'updated', external_id: found.externalId } };
  };
}

/** `DELETE /upload_presets/:name`. */
export function deletePreset(deps: PresetDeps): Handler {
  return async (call) => {
    const found = await requireOne(call, deps.accounts);
    await deps.accounts.deletePreset(call.cloud, found.name);
    await audit(call, deps, 'delete-preset', found.name);
    return { body: { message: 'deleted' } };
  };
}

/**
 * The settings among the parameters, as texts, checked by the reader that will read them at upload.
 * @throws ApiError that names the setting
 */
export function readSettings(cloud: string, parameters: Parameters): Record<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (!presetSettingNames.has(name)) continue;
    settings.set(name, typeof value === 'string' ? value : value.join(name === 'eager' ? '|' : ','));
  }
  refuseUnsupported('upload', settings);
  readUploadCommand(settings, settingsContext(cloud));
  return Object.fromEntries(settings);
}

function settingsContext(cloud: string) {
  return { cloud, resourceType: 'auto' as const, apiKey: null, signatureUse: null };
}

async function requireOne({ cloud, path }: Call, accounts: AccountStore): Promise<UploadPreset> {
  const name = path.name ?? '';
  const found = await accounts.findPreset(cloud, name);
  if (found === null) throw new ApiError('preset-missing', { name });
  return found;
}

/** Settings come back typed, only what was set. */
const typed: Readonly<Record<string, (text: string) => unknown>> = {
  tags: splitList,
  allowed_formats: splitList,
  transformation: (text) => describeTransformation(parseTransformation(text)),
  eager: (text) =>
    parseEager(text).map(({ transformation, format }) =>
      describeTransformation(transformation).map((component, index, all) =>
        index === all.length - 1 && format !== null ? { ...component, format } : component,
      ),
    ),
};

function presetAnswer({ name, unsigned, disallowPublicId, settings, externalId }: UploadPreset): Answer {
  const shaped = Object.entries(settings).map(([setting, text]) => [
    setting,
    Object.hasOwn(typed, setting) ? typed[setting]?.(text) : typedScalar(setting, text),
  ]);
  return {
    name,
    unsigned,
    settings: { ...Object.fromEntries(shaped), ...(disallowPublicId ? { disallow_public_id: true } : {}) },
    external_id: externalId,
  };
}

function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** SDKs send `1` or `true` for one setting (upload-api reference, section 2.1); it comes back as a boolean. */
function typedScalar(setting: string, text: string): string | boolean {
  if (operations.upload.params[setting]?.type !== 'boolean') return text;
  return text === 'true' || text === '1';
}
