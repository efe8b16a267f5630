import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskBlobStore } from '../../adapters/disk/disk-blob-store.js';
import { builtChild } from '../../adapters/sharp/built-child.test-support.js';
import { SharpRenderer } from '../../adapters/sharp/sharp-renderer.js';
import { openAccountStore } from '../../adapters/sql/account-store.js';
import { openAssetStore } from '../../adapters/sql/asset-store.js';
import { temporaryDatabase } from '../../adapters/sql/temporary-database.test-support.js';
import { createClientAddress } from '../../http/client-address.js';
import { createDeliveryCache } from '../../http/delivery-cache.js';
import { createFailureLimiter, defaultFailureLimits } from '../../http/failure-limiter.js';
import type { Asset, AssetAddress } from '../../ports/asset-store.js';
import type { LogFields, Logger } from '../../ports/logger.js';
import { createDerive } from '../../services/derive.js';
import { randomHexId } from '../../services/random-id.js';
import { createUrlSecrets } from '../../services/url-secrets.js';
import type { DeliveryAnswer } from './answer.js';
import { createDelivery } from './delivery.js';

export const cloud = 'demo';
export const apiKey = '123456789012345';
export const apiSecret = 'delivery-test-secret';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Upload extends Partial<AssetAddress> {
  readonly publicId: string;
  readonly bytes: Uint8Array | string;
  readonly originalFilename?: string | null;
}

/** A whole delivery on SQLite, disk and sharp, behind a real socket, with a clock that stands still until it is moved. */
export async function startDelivery(
  options: { strictTransformations?: boolean; trustedProxies?: string[] } = {},
) {
  const database = await temporaryDatabase();
  const connection = await database.connect();
  const folder = await mkdtemp(join(tmpdir(), 'counterseal-delivery-'));
  const blobs = await DiskBlobStore.open(folder);
  const assets = openAssetStore(connection);
  const accounts = await openAccountStore(connection, { masterKey: Buffer.alloc(32, 7) });
  const renderer = new SharpRenderer({ script: builtChild(), maxChildren: 2 });
  const time = { nowMs: Date.now() };
  const clock = { now: () => time.nowMs };
  const logged: { message: string; fields: LogFields | undefined }[] = [];
  const log = (message: string, fields?: LogFields) => void logged.push({ message, fields });
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const derive = createDerive({
    assets,
    blobs,
    renderer,
    boundDerived: { stored: async () => {} },
    notStored: () => {},
    accounts,
    clock,
    logger,
  });
  const cache = createDeliveryCache<DeliveryAnswer>({ clock });
  const deliver = createDelivery({
    assets,
    accounts,
    blobs,
    derive,
    cache,
    logger,
    secretsOf: createUrlSecrets({ accounts, clock }),
    // Low, so that a test reaches it in no time.
    failures: createFailureLimiter(clock, { ...defaultFailureLimits, maxPerAddress: 30 }),
    clientAddressOf: createClientAddress(options.trustedProxies ?? []),
    strictTransformations: options.strictTransformations ?? false,
  });
  const server = createServer((req, res) => {
    void deliver(req, res).then((answered) => {
      if (!answered) res.writeHead(404, { 'X-Answered-By': 'the server around it' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  await accounts.createCloud(cloud);
  const policy = { algorithms: ['sha1', 'sha256'] as const, allowV1: false, strict: false, singleUse: false };
  await accounts.createKey({ apiKey, secret: apiSecret, cloud, policy, createdAtMs: time.nowMs });

  async function upload({ bytes, originalFilename = null, ...address }: Upload): Promise<Asset> {
    const staged = await blobs.stage(once(Buffer.from(bytes)), { maxBytes: 2 ** 30 });
    const { resourceType = 'image' } = address;
    const probe = await renderer.probe(staged.path);
    const blobKey = blobs.newKey('original');
    await blobs.promote(staged, blobKey);
    const result = await assets.putAsset({
      asset: {
        newAssetId: randomHexId(),
        cloud,
        type: 'upload',
        ...address,
        resourceType,
        versionId: randomHexId(),
        updatedAtMs: time.nowMs,
        format: resourceType === 'raw' ? null : probe.format,
        bytes: staged.bytes,
        etag: staged.md5,
        blobKey,
        originalFilename,
        originalExtension: null,
        displayName: address.publicId,
        assetFolder: '',
        tags: [],
        context: {},
        media: resourceType === 'raw' ? null : probe.media,
        faceCoordinates: [],
        customCoordinates: [],
        extra: {},
      },
      derived: [],
      jobs: [],
      overwrite: true,
      deleteToken: null,
      signatureUse: null,
    });
    if (result.outcome !== 'created' && result.outcome !== 'overwritten') throw new Error(result.outcome);
    return result.asset;
  }

  /** Sends `path` as it is, without any normalisation of a URL library. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const req = request({ port, path, headers, method, agent: false }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }),
        );
      });
      req.on('error', reject);
      req.end();
    });
  }

  async function close(): Promise<void> {
    await new Promise((resolve) => server.close(resolve));
    await derive.drain();
    cache.clear();
    await renderer.close();
    await database.remove();
    await rm(folder, { recursive: true, force: true });
  }

  return { accounts, assets, blobs, cache, close, derive, get, logged, port, time, upload };
}

export type DeliveryFixture = Awaited<ReturnType<typeof startDelivery>>;

/** `s--XXXXXXXX--` (transformations reference, section 1.5), computed without our own signer. */
export function sign(text: string, secret = apiSecret): string {
  const digest = createHash('sha1')
    .update(text + secret)
    .digest('base64');
  return `s--${digest.slice(0, 8).replaceAll('/', '_').replaceAll('+', '-')}--`;
}

export function uniqueId(): string {
  return `pic-${randomUUID()}`;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
