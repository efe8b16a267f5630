import {
  ApiError,
  describeTransformation,
  parseTransformation,
  printTransformation,
} from '@counterseal/protocol';
import type { Answer, Call, Handler } from '../../http/call.js';
import type { Parameters } from '../../http/parameters.js';
import type { AccountStore, NamedTransformation } from '../../ports/account-store.js';
import type { AssetStore } from '../../ports/asset-store.js';
import type { Clock } from '../../ports/clock.js';
import { DuplicateError } from '../../ports/io.js';
import type { DropDerived } from '../../services/drop-derived.js';
import { readBoolean, readInteger, readText, requireText } from '../read-parameters.js';
import { audit } from './audit.js';
import { printCursor, readNameCursor } from './cursor.js';

/** Named transformations (upload-api reference, section 7.1; observed behaviours, section 7). */
interface TransformationDeps {
  readonly accounts: AccountStore;
  readonly assets: Pick<AssetStore, 'usedTransformations'>;
  readonly clock: Clock;
  readonly dropDerived: DropDerived;
}

const defaultResults = 10;
const maxResults = 500;

/** `GET /transformations`. */
export function listTransformations({ accounts, assets }: TransformationDeps): Handler {
  return async ({ cloud, parameters }) => {
    const cursor = readText(parameters, 'next_cursor');
    const limit = readInteger(parameters, 'max_results', {
      fallback: defaultResults,
      minimum: 1,
      maximum: maxResults,
    });
    const after = cursor === null ? null : readNameCursor(cursor);
    const found = await accounts.listTransformations({ cloud, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      body: {
        transformations: await summaries(cloud, page, assets),
        ...(found.length > limit && last !== undefined ? { next_cursor: printCursor(last.name) } : {}),
      },
    };
  };
}

/** `GET /transformations/:name`, or `?transformation=` with a name or a text. */
export function showTransformation({ accounts, assets }: TransformationDeps): Handler {
  return async (call) => {
    const found = await requireOne(call, accounts);
    const info = describeTransformation(parseTransformation(found.transformation));
    const [summary] = await summaries(call.cloud, [found], assets);
    return { body: { ...summary, info } };
  };
}

/** `POST /transformations[/:name]`: `name` and the text in `transformation`. */
export function createTransformation({ accounts, clock }: TransformationDeps): Handler {
  return async ({ cloud, path, parameters, principal }) => {
    const name = bareName(path.name ?? requireText(parameters, 'name'));
    const transformation = canonical(requireText(parameters, 'transformation'));
    const allowedForStrict = readBoolean(parameters, 'allowed_for_strict', true);
    try {
      await accounts.createTransformation({
        cloud,
        name,
        transformation,
        allowedForStrict,
        createdAtMs: clock.now(),
      });
    } catch (error) {
      throw error instanceof DuplicateError ? new ApiError('transformation-exists', { name }) : error;
    }
    await audit({ cloud, principal }, { accounts, clock }, 'create-transformation', name);
    return { body: { message: 'created' } };
  };
}

/** `PUT /transformations[/:name]`: `unsafe_update` replaces the text and drops what was derived with the old one. */
export function updateTransformation({ accounts, clock, dropDerived }: TransformationDeps): Handler {
  return async (call) => {
    const found = await requireOne(call, accounts);
    const text = readText(call.parameters, 'unsafe_update');
    const transformation = text === null ? found.transformation : canonical(text);
    await accounts.updateTransformation({
      ...found,
      transformation,
      allowedForStrict: readBoolean(call.parameters, 'allowed_for_strict', found.allowedForStrict),
    });
    if (transformation !== found.transformation) await dropDerived(call.cloud, found.transformation);
    await audit(call, { accounts, clock }, 'update-transformation', found.name);
    return { body: { message: 'updated' } };
  };
}

/** `DELETE /transformations[/:name]`: with everything derived by it. */
export function deleteTransformation({ accounts, clock, dropDerived }: TransformationDeps): Handler {
  return async (call) => {
    const found = await requireOne(call, accounts);
    await accounts.deleteTransformation(call.cloud, found.name);
    await dropDerived(call.cloud, found.transformation);
    await audit(call, { accounts, clock }, 'delete-transformation', found.name);
    return { body: { message: 'deleted' } };
  };
}

/** `used`: something was derived by it. */
async function summaries(
  cloud: string,
  found: readonly NamedTransformation[],
  assets: TransformationDeps['assets'],
): Promise<Answer[]> {
  const transformations = found.map(({ transformation }) => transformation);
  const used = await assets.usedTransformations({ cloud, transformations });
  return found.map(({ name, allowedForStrict, transformation }) => ({
    name: `t_${name}`,
    allowed_for_strict: allowedForStrict,
    used: used.has(transformation),
    named: true,
  }));
}

async function requireOne(
  { cloud, path, parameters }: Call,
  accounts: AccountStore,
): Promise<NamedTransformation> {
  const given = path.name ?? requireTransformation(parameters);
  const found = await accounts.findTransformation(cloud, given.replace(/^t_/, '').normalize('NFC'));
  if (found === null) throw new ApiError('transformation-missing', { name: given });
  return found;
}

function requireTransformation(parameters: Parameters): string {
  return readText(parameters, 'transformation') ?? requireText(parameters, 'name');
}

/** Names stand in URLs as `t_<name>`, several joined by `.`. */
function bareName(text: string): string {
  const name = text.replace(/^t_/, '').normalize('NFC');
  if (!/^[\p{L}\p{N}_-]{1,100}$/u.test(name))
    throw new ApiError('invalid-value', { name: 'name', value: text.slice(0, 100) });
  return name;
}

function canonical(text: string): string {
  return printTransformation(parseTransformation(text));
}
