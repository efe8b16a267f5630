import { ApiError, canonicalFormat, type Rectangle } from '@counterseal/protocol';
import type { MediaFacts, ResourceType } from '../ports/asset-store.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { Probe, Renderer, RenderOptions } from '../ports/renderer.js';
import type { RenderStaged } from './derive.js';
import type { UploadedName } from './name-asset.js';
import type { UploadCommand } from './upload-command.js';

/** The bytes that will be stored, and what they are. */
export interface SettledContent {
  readonly staged: StagedBlob;
  readonly resourceType: ResourceType;
  /** Null for raw. */
  readonly format: string | null;
  readonly media: MediaFacts | null;
  /** Whether derivatives can be made of it. */
  readonly decodable: boolean;
}

export interface SettleContentDeps {
  readonly blobs: BlobStore;
  readonly renderer: Renderer;
  readonly renderStaged: RenderStaged;
}

/**
 * Decides by the bytes what an upload is, refuses what its path or `allowed_formats` does not admit, and applies the incoming
 * transformation and `format`. Takes over `staged`: it is discarded when replaced, and left alone when this rejects.
 * @throws ApiError `empty-file`, `invalid-image`, `invalid-video`, `format-not-allowed`, `unsupported-parameter`, ...
 */
export async function settleContent(
  command: UploadCommand,
  input: { staged: StagedBlob; uploaded: UploadedName | null },
  deps: SettleContentDeps,
  options: RenderOptions = {},
): Promise<SettledContent> {
  if (input.staged.bytes === 0) throw new ApiError('empty-file');
  const probe = await look(command, input.staged, deps.renderer, options);
  const resourceType = settleType(command.resourceType, probe);
  const found = probe.format ?? (resourceType === 'raw' ? claimedFormat(input.uploaded) : null);
  const convertTo = settleFormat(command, resourceType, found);
  const content: SettledContent = {
    staged: input.staged,
    resourceType,
    format: resourceType === 'raw' ? null : found,
    media: resourceType === 'raw' ? null : probe.media,
    decodable: resourceType === 'image' && probe.decodable,
  };
  if (command.transformation === null && convertTo === null) return content;
  return rewrite(content, command, convertTo, deps, options);
}

/** A raw file that nothing is asked of. */
const unseen: Probe = { kind: 'raw', format: null, decodable: false, media: null };

/** A raw file may hold anything, also what is too large or too broken to be a picture: its kind matters to `allowed_formats` alone. */
async function look(
  { resourceType, allowedFormats }: UploadCommand,
  { path }: StagedBlob,
  renderer: Renderer,
  options: RenderOptions,
): Promise<Probe> {
  if (resourceType !== 'raw') return renderer.probe(path, { ...options, verify: true });
  return allowedFormats.length === 0 ? unseen : renderer.probe(path, { ...options, kindOnly: true });
}

/** Formats that are recognised wherever they occur: bytes that were not, are not of them, whatever their name says (T13). */
const recognisable: ReadonlySet<string> = new Set(
  (
    'jpg png apng webp gif avif tiff svg heic bmp ico pdf psd jxl jp2 mp4 m4v mov webm mkv avi flv wav ogg flac ' +
    'zip gz 7z rar docx xlsx pptx exe'
  ).split(' '),
);

/** What has no marks of its own, as text has none, is of the kind that its name says. */
function claimedFormat(uploaded: UploadedName | null): string | null {
  const extension = uploaded?.extension ?? null;
  if (extension === null) return null;
  return recognisable.has(canonicalFormat(extension) ?? extension) ? null : extension;
}

function settleType(asked: ResourceType | 'auto', probe: Probe): ResourceType {
  if (asked === 'auto') return probe.kind;
  if (asked === 'raw' || asked === probe.kind) return asked;
  throw new ApiError(asked === 'image' ? 'invalid-image' : 'invalid-video');
}

const kindNames: Readonly<Record<ResourceType, string>> = { image: 'Image', video: 'Video', raw: 'Raw' };

/** The format to convert to before storing; null = keep the bytes. `allowed_formats` looks at the bytes, not at the name. */
function settleFormat(
  command: UploadCommand,
  resourceType: ResourceType,
  found: string | null,
): string | null {
  const { allowedFormats, format } = command;
  if (format !== null && resourceType !== 'image')
    throw new ApiError('unsupported-parameter', { name: 'format' });
  if (allowedFormats.length === 0) return format === found ? null : format;
  if (found !== null && allowedFormats.includes(found)) return null;
  if (format !== null && allowedFormats.includes(format)) return format;
  if (found === null) throw new ApiError('unknown-format-not-allowed');
  throw new ApiError('format-not-allowed', { kind: kindNames[resourceType], format: found });
}

/** The incoming transformation rewrites the stored original (transformations reference, section 1.8). */
async function rewrite(
  content: SettledContent,
  command: UploadCommand,
  convertTo: string | null,
  deps: SettleContentDeps,
  options: RenderOptions,
): Promise<SettledContent> {
  if (content.resourceType !== 'image')
    throw new ApiError('unsupported-parameter', { name: 'transformation' });
  if (!content.decodable || content.format === null || content.media === null) {
    throw new ApiError('unsupported-input', { format: content.format ?? 'unknown' });
  }
  const rendition = await deps.renderStaged(
    {
      cloud: command.cloud,
      inputPath: content.staged.path,
      inputFormat: content.format,
      source: { ...content.media, format: content.format, ...coordinates(command, content.media) },
      transformation: command.transformation ?? { components: [] },
      extension: convertTo,
    },
    options,
  );
  const probe = await deps.renderer.probe(rendition.staged.path, options).catch(async (error: unknown) => {
    await deps.blobs.discard(rendition.staged);
    throw error;
  });
  await deps.blobs.discard(content.staged);
  return { ...content, staged: rendition.staged, format: rendition.format, media: probe.media };
}

/** Rectangles a client gave, clipped to the image (observed behaviours, section 4). */
export function coordinates(
  command: Pick<UploadCommand, 'faceCoordinates' | 'customCoordinates'>,
  size: { width: number; height: number },
): { faces: Rectangle[]; custom: Rectangle[] } {
  return { faces: clip(command.faceCoordinates, size), custom: clip(command.customCoordinates, size) };
}

function clip(rectangles: readonly Rectangle[], size: { width: number; height: number }): Rectangle[] {
  return rectangles
    .map(({ left, top, width, height }) => ({
      left,
      top,
      width: Math.min(width, size.width - left),
      height: Math.min(height, size.height - top),
    }))
    .filter(({ width, height }) => width > 0 && height > 0);
}
