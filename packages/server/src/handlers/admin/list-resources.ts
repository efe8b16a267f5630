import { ApiError } from '@counterseal/protocol';
import type { Answer, Handler } from '../../http/call.js';
import type { Parameters } from '../../http/parameters.js';
import type { Asset, AssetQuery, AssetStore } from '../../ports/asset-store.js';
import { assetAnswer } from '../asset-answer.js';
import type { UrlMaker } from '../asset-urls.js';
import { readBoolean, readIds, readInteger, readList, readText } from '../read-parameters.js';
import { readDeliveryType, readResourceType } from '../resource-type.js';
import { printCursor, readAssetCursor } from './cursor.js';

/** Admin listing limits (upload-api reference, sections 7 and 9). */
const defaultResults = 10;
const maxResults = 500;
const maxPublicIds = 100;

interface ListDeps {
  readonly assets: AssetStore;
  readonly urls: UrlMaker;
  readonly folderMode: 'fixed' | 'dynamic';
}

/** `GET /resources/:resource_type[/:type]` and `GET /resources/:resource_type/tags/:tag`, newest first. */
export function listResources(deps: ListDeps): Handler {
  return async ({ cloud, path, parameters }) => {
    const query = readQuery(cloud, path, parameters);
    const page = await deps.assets.listAssets(query);
    const fields = readFields(parameters);
    const show = {
      tags: readBoolean(parameters, 'tags'),
      context: readBoolean(parameters, 'context'),
    };
    const resources = await Promise.all(
      page.assets.map(async (asset) =>
        pick(
          {
            ...(await assetAnswer(asset, deps.urls, deps.folderMode)),
            ...classification(asset, fields ?? show),
          },
          fields,
        ),
      ),
    );
    return { body: { resources, ...(page.next === null ? {} : { next_cursor: printCursor(page.next) }) } };
  };
}

function readQuery(
  cloud: string,
  path: Readonly<Record<string, string>>,
  parameters: Parameters,
): AssetQuery {
  const type = path.type ?? readText(parameters, 'type');
  const prefix = readText(parameters, 'prefix');
  const publicIds = readIds(parameters, 'public_ids');
  if (publicIds.length > maxPublicIds) {
    throw new ApiError('invalid-value', { name: 'public_ids', value: `${publicIds.length} ids` });
  }
  const startAt = readText(parameters, 'start_at');
  const cursor = readText(parameters, 'next_cursor');
  return {
    cloud,
    resourceType: readResourceType(path.resource_type),
    type: type === null ? null : readDeliveryType(type),
    ...(prefix === null ? {} : { prefix }),
    ...(publicIds.length === 0 ? {} : { publicIds }),
    ...(path.tag === undefined ? {} : { tag: path.tag }),
    ...(startAt === null ? {} : { startAtMs: readTime(startAt) }),
    direction: readDirection(parameters),
    limit: readInteger(parameters, 'max_results', {
      fallback: defaultResults,
      minimum: 1,
      maximum: maxResults,
    }),
    cursor: cursor === null ? null : readAssetCursor(cursor),
  };
}

function readTime(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new ApiError('invalid-value', { name: 'start_at', value: text.slice(0, 100) });
  return ms;
}

const directions: Readonly<Record<string, 'asc' | 'desc'>> = {
  asc: 'asc',
  '1': 'asc',
  desc: 'desc',
  '-1': 'desc',
};

function readDirection(parameters: Parameters): 'asc' | 'desc' {
  const text = readText(parameters, 'direction') ?? 'desc';
  const direction = Object.hasOwn(directions, text) ? directions[text] : undefined;
  if (direction === undefined) {
    throw new ApiError('invalid-choice', { name: 'direction', value: text, allowed: 'asc, desc, 1, -1' });
  }
  return direction;
}

/** In every item, whatever `fields` chooses; `folder` exists in fixed folder mode (observed behaviours, section 6). */
const fieldsAlways = ['public_id', 'asset_id', 'folder'];

function readFields(parameters: Parameters): ReadonlySet<string> | null {
  const fields = readList(parameters, 'fields');
  return fields.length === 0 ? null : new Set([...fields, ...fieldsAlways]);
}

/** Tags and context stand in lists only when asked for. */
function classification(
  asset: Asset,
  want: ReadonlySet<string> | { tags: boolean; context: boolean },
): Answer {
  const wants = (name: 'tags' | 'context') =>
    want instanceof Set ? want.has(name) : (want as { tags: boolean; context: boolean })[name];
  return {
    ...(wants('tags') ? { tags: asset.tags } : {}),
    ...(wants('context') && Object.keys(asset.context).length > 0
      ? { context: { custom: asset.context } }
      : {}),
  };
}

function pick(answer: Answer, fields: ReadonlySet<string> | null): Answer {
  if (fields === null) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([name]) => fields.has(name)));
}
