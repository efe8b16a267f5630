import { ApiError, type EagerItem, printTransformation } from '@counterseal/protocol';
import type { StagedBlob } from '../ports/blob-store.js';
import type { RenderOptions } from '../ports/renderer.js';
import type { RenderStaged } from './derive.js';
import type { SettledContent } from './settle-content.js';
import { coordinates } from './settle-content.js';
import type { UploadCommand } from './upload-command.js';

export interface EagerRendition {
  readonly staged: StagedBlob;
  /** Canonical, named ones expanded. */
  readonly transformation: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

export interface EagerResult {
  /** One per distinct derivative. */
  readonly files: readonly EagerRendition[];
  /** In request order; `key` is `<transformation>/<format>` of the file, null while deferred. */
  readonly items: readonly { readonly item: EagerItem; readonly key: string | null }[];
  readonly deferred: boolean;
}

/**
 * Renders the eager list from staging, side by side, before anything is visible. All or nothing: when one fails, the others'
 * files are discarded.
 */
export async function renderEager(
  command: UploadCommand,
  content: SettledContent,
  deps: {
    renderStaged: RenderStaged;
    blobs: { discard(staged: StagedBlob): Promise<void> };
  },
  options: RenderOptions,
): Promise<EagerResult> {
  if (command.eager.length === 0) return { files: [], items: [], deferred: false };
  const { format, media } = content;
  if (content.resourceType !== 'image') throw new ApiError('unsupported-parameter', { name: 'eager' });
  if (!content.decodable || format === null || media === null) {
    throw new ApiError('unsupported-input', { format: format ?? 'unknown' });
  }
  if (command.eagerAsync) {
    return { files: [], items: command.eager.map((item) => ({ item, key: null })), deferred: true };
  }
  const source = { ...media, format, ...coordinates(command, media) };
  const outcomes = await Promise.allSettled(
    command.eager.map((item) =>
      deps.renderStaged(
        {
          cloud: command.cloud,
          inputPath: content.staged.path,
          inputFormat: format,
          source,
          transformation: item.transformation,
          extension: item.format,
        },
        options,
      ),
    ),
  );
  const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(done.map(({ staged }) => deps.blobs.discard(staged)));
    throw failure.reason;
  }
  const files = new Map<string, EagerRendition>();
  const items: { item: EagerItem; key: string }[] = [];
  for (const [index, rendition] of done.entries()) {
    const item = command.eager[index];
    if (item === undefined) continue;
    const transformation = printTransformation(rendition.expanded);
    const key = `${transformation}/${rendition.format}`;
    items.push({ item, key });
    if (files.has(key)) await deps.blobs.discard(rendition.staged);
    else files.set(key, { ...rendition, transformation });
  }
  return { files: [...files.values()], items, deferred: false };
}
