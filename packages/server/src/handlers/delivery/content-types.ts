/**
 * Content-Type by stored or delivered format, from our own table only: never what a client claimed (threat model T14). `inline`
 * formats are shown by browsers as pictures, films or sound; everything else is a download.
 */
export interface ContentType {
  readonly type: string;
  readonly inline: boolean;
}

const unknownType: ContentType = { type: 'application/octet-stream', inline: false };

const shown = (type: string): ContentType => ({ type, inline: true });
const download = (type: string): ContentType => ({ type, inline: false });

const mediaTypes: Readonly<Record<string, ContentType>> = {
  jpg: shown('image/jpeg'),
  png: shown('image/png'),
  gif: shown('image/gif'),
  webp: shown('image/webp'),
  avif: shown('image/avif'),
  svg: shown('image/svg+xml'),
  tiff: shown('image/tiff'),
  bmp: shown('image/bmp'),
  ico: shown('image/x-icon'),
  heic: shown('image/heic'),
  jxl: shown('image/jxl'),
  jp2: shown('image/jp2'),
  psd: download('image/vnd.adobe.photoshop'),
  pdf: download('application/pdf'),
  eps: download('application/postscript'),
  mp4: shown('video/mp4'),
  m4v: shown('video/x-m4v'),
  webm: shown('video/webm'),
  mov: shown('video/quicktime'),
  mkv: shown('video/x-matroska'),
  avi: shown('video/x-msvideo'),
  ogv: shown('video/ogg'),
  mpeg: shown('video/mpeg'),
  mpg: shown('video/mpeg'),
  mts: shown('video/mp2t'),
  ts: shown('video/mp2t'),
  mxf: shown('application/mxf'),
  flv: shown('video/x-flv'),
  wmv: shown('video/x-ms-wmv'),
  '3gp': shown('video/3gpp'),
  '3g2': shown('video/3gpp2'),
  mp3: shown('audio/mpeg'),
  wav: shown('audio/wav'),
  ogg: shown('audio/ogg'),
  opus: shown('audio/ogg'),
  flac: shown('audio/flac'),
  m4a: shown('audio/mp4'),
  aac: shown('audio/aac'),
  aiff: shown('audio/aiff'),
  amr: shown('audio/amr'),
};

/**
 * Raw files by the extension of their id (transformations reference, section 1.15). What a browser could run is plain text, so
 * that an upload is never a script or a page of the site that serves it.
 */
const rawTypes: Readonly<Record<string, string>> = {
  txt: 'text/plain; charset=utf-8',
  html: 'text/plain; charset=utf-8',
  htm: 'text/plain; charset=utf-8',
  xhtml: 'text/plain; charset=utf-8',
  xml: 'text/plain; charset=utf-8',
  svg: 'text/plain; charset=utf-8',
  js: 'text/plain; charset=utf-8',
  mjs: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  css: 'text/css; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
  srt: 'application/x-subrip',
  json: 'application/json',
  pdf: 'application/pdf',
  zip: 'application/zip',
  gz: 'application/gzip',
  tar: 'application/x-tar',
  '7z': 'application/x-7z-compressed',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  wasm: 'application/wasm',
  glb: 'model/gltf-binary',
  gltf: 'model/gltf+json',
};

export function mediaContentType(format: string | null): ContentType {
  return (format === null ? undefined : own(mediaTypes, format)) ?? unknownType;
}

/** Raw bytes are never shown inline, whatever they are. */
export function rawContentType(extension: string | null): ContentType {
  const type = extension === null ? undefined : own(rawTypes, extension.toLowerCase());
  return type === undefined ? unknownType : download(type);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
