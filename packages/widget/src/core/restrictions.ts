/** What a file must be to enter the queue. Every limit is optional. */
export interface Restrictions {
  readonly clientAllowedFormats?: readonly string[] | string | null;
  readonly maxFileSize?: number | null;
  readonly maxImageFileSize?: number | null;
  readonly maxVideoFileSize?: number | null;
  readonly maxRawFileSize?: number | null;
  readonly maxImageWidth?: number | null;
  readonly maxImageHeight?: number | null;
  readonly minImageWidth?: number | null;
  readonly minImageHeight?: number | null;
  readonly validateMaxWidthHeight?: boolean;
}

export interface Candidate {
  readonly name: string;
  readonly size: number;
  /** MIME type; empty when unknown. */
  readonly type: string;
}

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Why a file was refused: a path in the texts, and what fills its placeholders. Sizes are bytes. */
export interface Refusal {
  readonly text:
    | 'uploader.errors.allowed_formats'
    | 'uploader.errors.file_too_large'
    | 'uploader.errors.max_dimensions_validation'
    | 'uploader.errors.min_dimensions_validation';
  readonly values: Readonly<Record<string, string | number>>;
}

export type MediaKind = 'image' | 'video' | 'raw';

/** What files without a MIME type are, by their extension. */
const imageNames = /^(jp[2eg]|jpeg|png|gif|webp|avif|hei[cf]|bmp|tiff?|ico|svg|jxl|psd)$/;
const videoNames = /^(mp[34g]|mpeg|m4[av]|mov|webm|mkv|avi|og[agv]|wmv|flv|3gp|wav|aac|flac)$/;

/** Different spellings of one format. */
const sameFormat: Readonly<Record<string, string>> = {
  jpeg: 'jpg',
  jpe: 'jpg',
  jfif: 'jpg',
  tiff: 'tif',
  heif: 'heic',
};
const canonical = (format: string) => sameFormat[format] ?? format;

export function extensionOf(name: string): string {
  return /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** What the server is likely to make of it: by MIME type, else by extension. Audio is a video there. */
export function kindOf({ name, type }: Candidate): MediaKind {
  if (type.startsWith('image/')) return 'image';
  if (type.startsWith('video/') || type.startsWith('audio/')) return 'video';
  const extension = extensionOf(name);
  if (imageNames.test(extension)) return 'image';
  return videoNames.test(extension) ? 'video' : 'raw';
}

/** The first limit that the file breaks by its name, type or size; null when none. */
export function checkFile(file: Candidate, limits: Restrictions): Refusal | null {
  if (!isAllowedFormat(file, limits.clientAllowedFormats ?? null)) {
    return {
      text: 'uploader.errors.allowed_formats',
      values: { formats: listOf(limits.clientAllowedFormats).join(', ') },
    };
  }
  const byKind = {
    image: limits.maxImageFileSize,
    video: limits.maxVideoFileSize,
    raw: limits.maxRawFileSize,
  };
  const limit = Math.min(limits.maxFileSize ?? Infinity, byKind[kindOf(file)] ?? Infinity);
  if (file.size <= limit) return null;
  return { text: 'uploader.errors.file_too_large', values: { size: file.size, allowed: limit } };
}

/** The limit that an image breaks by its pixels; null when none. Too large is refused only when it is not scaled down. */
export function checkDimensions({ width, height }: PixelSize, limits: Restrictions): Refusal | null {
  const { minImageWidth, minImageHeight, maxImageWidth, maxImageHeight, validateMaxWidthHeight } = limits;
  const [minWidth, minHeight] = [minImageWidth ?? 0, minImageHeight ?? 0];
  if (width < minWidth || height < minHeight) {
    return {
      text: 'uploader.errors.min_dimensions_validation',
      values: { width, height, minWidth, minHeight },
    };
  }
  const isTooLarge = width > (maxImageWidth ?? Infinity) || height > (maxImageHeight ?? Infinity);
  if (!isTooLarge || validateMaxWidthHeight !== true) return null;
  return {
    text: 'uploader.errors.max_dimensions_validation',
    values: { width, height, maxWidth: maxImageWidth ?? '∞', maxHeight: maxImageHeight ?? '∞' },
  };
}

/** Whether a limit needs the image's pixels to be known. */
export function needsDimensions(limits: Restrictions): boolean {
  return [limits.minImageWidth, limits.minImageHeight, limits.maxImageWidth, limits.maxImageHeight].some(
    (limit) => limit !== null && limit !== undefined,
  );
}

/** The size that fits into the maximum with the same shape; null when it fits already, or is to be refused instead. */
export function fittingSize({ width, height }: PixelSize, limits: Restrictions): PixelSize | null {
  if (limits.validateMaxWidthHeight === true) return null;
  const scale = Math.min(
    (limits.maxImageWidth ?? width) / width,
    (limits.maxImageHeight ?? height) / height,
    1,
  );
  if (scale === 1) return null;
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The `accept` of a file input. */
export function acceptOf(formats: Restrictions['clientAllowedFormats']): string {
  return listOf(formats)
    .map((format) => {
      const group = groupOf(format);
      if (group !== null) return group === 'video' ? 'video/*,audio/*' : `${group}/*`;
      return format.includes('/') ? format : `.${format}`;
    })
    .join(',');
}

function isAllowedFormat(file: Candidate, formats: Restrictions['clientAllowedFormats']): boolean {
  const allowed = listOf(formats);
  if (allowed.length === 0) return true;
  const own = new Set([
    canonical(extensionOf(file.name)),
    canonical(file.type.split('/')[1]?.replace(/\+.*$/, '') ?? ''),
  ]);
  return allowed.some((format) => {
    const group = groupOf(format);
    if (group !== null) return kindOf(file) === group;
    return format.includes('/') ? file.type === format : own.has(canonical(format));
  });
}

/** `image`, `images`, `video`, `videos`, `audio` stand for all of their kind (widget reference, section 1.3). */
function groupOf(format: string): MediaKind | null {
  if (/^images?(\/\*)?$/.test(format)) return 'image';
  return /^(videos?|audio)(\/\*)?$/.test(format) ? 'video' : null;
}

function listOf(formats: Restrictions['clientAllowedFormats']): string[] {
  const list = typeof formats === 'string' ? formats.split(',') : (formats ?? []);
  return list
    .map((format) => format.trim().toLowerCase().replace(/^\./, ''))
    .filter((format) => format !== '');
}
