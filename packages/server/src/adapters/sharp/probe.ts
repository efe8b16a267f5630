import type { MediaFacts } from '../../ports/asset-store.js';
import { type Probe, RenderLimitError } from '../../ports/renderer.js';
import { type Identity, identify, readStart, SNIFF_BYTES } from './identify.js';
import type { DeadlineClass } from './limits.js';
import type { ChildJobs } from './messages.js';
import { explainFailure, type ImageInput, openImage, readHeader, readInput } from './open-image.js';
import { readBmpSize, readIcoSize } from './small-headers.js';
import { readVideoFacts } from './video-facts.js';

/** Told what the file turned out to be, so that the right deadline holds. */
export type Announce = (deadline: DeadlineClass) => void;

/** What a file is and how large, its header checked against the caps; see the port for the two options. Runs in the child. */
export async function probe(job: ChildJobs['probe'], announce: Announce): Promise<Probe> {
  const identity = await identify(job.inputPath);
  return { ...identity, media: job.kindOnly === true ? null : await factsOf(identity, job, announce) };
}

async function factsOf(
  { kind, format, decodable }: Identity,
  job: ChildJobs['probe'],
  announce: Announce,
): Promise<MediaFacts | null> {
  if (kind === 'raw' || format === null) return null;
  if (kind === 'video') return nullWhenUnreadable(() => readVideoFacts(job.inputPath));
  if (!decodable) return nullWhenUnreadable(() => storedImageFacts(job.inputPath, format));
  if (format === 'svg') announce('svg');
  const read = async () => pictureFacts(await readInput(job.inputPath, format), job.verify, announce);
  return job.verify ? read() : nullWhenUnreadable(read);
}

async function pictureFacts(input: ImageInput, verify: boolean, announce: Announce): Promise<MediaFacts> {
  const header = await readHeader(input);
  if (verify) {
    if (header.frames > 1) announce('animated');
    await decodeAll(input, header).catch(async (error: unknown) => {
      throw await explainFailure(error, input);
    });
  }
  return {
    ...header.autoOrient,
    pages: header.pages ?? 1,
    orientation: header.orientation ?? 1,
    hasAlpha: header.hasAlpha ?? false,
  };
}

/**
 * Decodes to the last row of the last frame and keeps only that row: decoders work from the top down, so everything above has
 * been decoded (and its checksums verified) by then, at the memory of a line.
 */
async function decodeAll(
  input: ImageInput,
  { width, height, frames }: { width: number; height: number; frames: number },
): Promise<void> {
  const last = { left: 0, top: height - 1, width, height: 1 };
  await openImage(input, { pages: frames, page: 0 }).extract(last).raw().toBuffer();
}

async function storedImageFacts(path: string, format: string): Promise<MediaFacts | null> {
  if (format === 'heic') {
    const { autoOrient, orientation, hasAlpha } = await openImage(
      { source: path, format },
      { limitInputPixels: false },
    ).metadata();
    return { ...autoOrient, pages: 1, orientation: orientation ?? 1, hasAlpha: hasAlpha ?? false };
  }
  const start = await readStart(path, SNIFF_BYTES);
  if (format === 'bmp') return plainFacts(readBmpSize(start), 1, false);
  if (format !== 'ico') return null;
  const icon = readIcoSize(start);
  return plainFacts(icon, icon?.pages ?? 1, true);
}

function plainFacts(
  size: { width: number; height: number } | null,
  pages: number,
  hasAlpha: boolean,
): MediaFacts | null {
  return size && { width: size.width, height: size.height, pages, orientation: 1, hasAlpha };
}

/** A limit is a refusal; anything else only means that the facts are not known. */
async function nullWhenUnreadable(read: () => Promise<MediaFacts | null>): Promise<MediaFacts | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RenderLimitError) throw error;
    return null;
  }
}
