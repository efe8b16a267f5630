import { printEager } from '@counterseal/protocol';
import type { Answer } from '../../http/call.js';
import type { IngestResult } from '../../services/ingest-upload.js';
import type { ResponseSigner } from '../../services/signers.js';
import { assetAnswer, uploadFields } from '../asset-answer.js';
import type { UrlMaker } from '../asset-urls.js';

/** The answer to a completed upload (upload-api reference, section 4). */
export async function uploadAnswer(
  result: IngestResult,
  context: {
    urls: UrlMaker;
    signer: ResponseSigner | null;
    apiKey: string | null;
    folderMode: 'fixed' | 'dynamic';
  },
): Promise<Answer> {
  const { asset } = result;
  return {
    ...(await assetAnswer(asset, context.urls, context.folderMode)),
    ...uploadFields(asset, context.signer),
    ...(result.outcome === 'exists' ? { existing: true } : {}),
    ...(result.outcome === 'overwritten' ? { overwritten: true } : {}),
    ...(result.eager.length === 0 ? {} : { eager: await eagerAnswer(result, context.urls) }),
    ...(result.batchId === null ? {} : { batch_id: result.batchId }),
    ...(result.analysis.colors ?? {}),
    ...(result.analysis.metadata ?? {}),
    ...(result.analysis.phash === undefined ? {} : { phash: result.analysis.phash }),
    ...(result.deleteToken === null ? {} : { delete_token: result.deleteToken }),
    ...(context.apiKey === null ? {} : { api_key: context.apiKey }),
  };
}

async function eagerAnswer({ asset, eager, batchId }: IngestResult, urls: UrlMaker): Promise<Answer[]> {
  return Promise.all(
    eager.map(async ({ item, derived }) => {
      const transformation = printEager(item);
      const format = item.explicitNone ? null : (derived?.format ?? item.format ?? asset.format);
      const url = await urls.urlOf(asset, { transformation: item.canonical, format });
      if (derived === null)
        return { transformation, status: 'processing', batch_id: batchId, url, secure_url: url };
      const { width, height, bytes, format: made } = derived;
      return { transformation, width, height, bytes, format: made, url, secure_url: url };
    }),
  );
}
