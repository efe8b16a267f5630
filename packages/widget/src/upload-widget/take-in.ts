import type { NewFile } from '../core/queue-file.js';
import {
  checkDimensions,
  checkFile,
  kindOf,
  needsDimensions,
  type PixelSize,
  type Refusal,
} from '../core/restrictions.js';
import { loadParts } from '../load-parts.js';
import { sizeText, type Translate } from '../locales/text.js';
import type { Settings } from '../options.js';
import type { PickedUrl } from '../sources.js';

/** A file that passed every restriction. */
export interface TakenFile {
  readonly file: File | null;
  readonly url: PickedUrl | null;
  readonly dimensions: PixelSize | null;
}

export interface RefusedFile {
  readonly name: string;
  readonly reason: string;
}

export interface TextContext {
  readonly t: Translate;
  readonly language: string;
}

/** Sorts files into those that may be uploaded and those that may not, each with its reason in the page's language. */
export async function checkFiles(
  files: readonly File[],
  settings: Settings,
  text: TextContext,
): Promise<{ taken: TakenFile[]; refused: RefusedFile[] }> {
  const taken: TakenFile[] = [];
  const refused: RefusedFile[] = [];
  for (const file of files) {
    const refusal = checkFile(file, settings);
    const dimensions = refusal === null ? await dimensionsOf(file, settings) : null;
    const second =
      dimensions === null || croppedLater(settings) ? null : checkDimensions(dimensions, settings);
    const broken = refusal ?? second;
    if (broken === null) taken.push({ file, url: null, dimensions });
    else refused.push({ name: file.name, reason: refusalText(broken, text) });
  }
  return { taken, refused };
}

/** Whether the size checks are for the cropped area instead of the whole image. */
function croppedLater({ cropping, croppingValidateDimensions }: Settings): boolean {
  return cropping && croppingValidateDimensions === true;
}

async function dimensionsOf(file: File, settings: Settings): Promise<PixelSize | null> {
  if (kindOf(file) !== 'image' || !(needsDimensions(settings) || settings.cropping)) return null;
  return (await loadParts.images()).readDimensions(file);
}

export function refusalText({ text, values }: Refusal, { t, language }: TextContext): string {
  if (text !== 'uploader.errors.file_too_large') return t(text, values);
  const { size = 0, allowed = 0 } = values;
  const rounded = (bytes: string | number) => sizeText(Number(bytes), t, language);
  const exact = (bytes: string | number) => t('uploader.filesize.b', { size: bytes });
  // Rounded to the same text, only the bytes tell them apart.
  const shown = rounded(size) === rounded(allowed) ? exact : rounded;
  return t(text, { size: shown(size), allowed: shown(allowed) });
}

/** The last segment of an address, as a name for people. */
export function nameOfUrl(url: string): string {
  try {
    const segment = new URL(url).pathname.split('/').pop() ?? '';
    return decodeURIComponent(segment) || url;
  } catch {
    return url;
  }
}

/** A file as the queue wants it, without the widget's details. */
export function newFileOf({ file, url }: TakenFile): Omit<NewFile, 'details'> {
  if (file !== null) return { name: file.name, size: file.size, type: file.type, content: file };
  const address = url?.url ?? '';
  return { name: url?.name ?? nameOfUrl(address), size: url?.size ?? 0, type: '', content: address };
}
