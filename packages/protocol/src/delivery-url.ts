import { isCloudName } from './cloud-name.js';
import { ApiError } from './errors.js';
import { MAX_PUBLIC_ID_LENGTH, normalisePublicId } from './public-id.js';
import { canonicalFormat } from './transformation/formats.js';
import { looksLikeComponent } from './transformation/parse.js';

/** Longest delivery path, in UTF-16 units. */
export const MAX_DELIVERY_PATH_LENGTH = 16_384;

export interface DeliveryAddress {
  readonly cloud: string;
  readonly resourceType: 'image' | 'video' | 'raw';
  readonly type: 'upload' | 'private' | 'authenticated';
  /** 8 or 32 characters, without `s--` and `--`; null when the URL has none. */
  readonly signature: string | null;
  /** What a URL signature covers: raw text of components and id, still percent-encoded, without version and SEO suffix. */
  readonly signedText: string;
  /** Percent-decoded transformation text; empty when there is none. */
  readonly transformation: string;
  readonly version: number | null;
  /** Percent-decoded, NFC, with extension. The literal id to try when `publicId` is not found. */
  readonly id: string;
  readonly publicId: string;
  /** Only a known format name is split off, lower case as written (`jpeg`); never from a raw id. */
  readonly extension: string | null;
}

type Root = Pick<DeliveryAddress, 'resourceType' | 'type'>;

/** First segments that stand for asset and delivery type at once (transformations reference, section 1.1). */
const shortRoots = new Map<string, Root & { readonly hasSuffix: boolean }>([
  ['iu', { resourceType: 'image', type: 'upload', hasSuffix: false }],
  ['images', { resourceType: 'image', type: 'upload', hasSuffix: true }],
  ['private_images', { resourceType: 'image', type: 'private', hasSuffix: true }],
  ['authenticated_images', { resourceType: 'image', type: 'authenticated', hasSuffix: true }],
  ['videos', { resourceType: 'video', type: 'upload', hasSuffix: true }],
  ['files', { resourceType: 'raw', type: 'upload', hasSuffix: true }],
]);

/** One piece of the path between slashes, with the text of the slash before it: `/`, or `%2F` as some clients write it. */
interface Segment {
  readonly raw: string;
  readonly text: string;
  readonly slash: string;
}

/**
 * Reads a delivery path, raw and still percent-encoded, with or without `/res` in front (transformations reference, sections 1.1
 * to 1.4). A query is ignored. Runs of slashes count as one, as SDKs write them. Throws `ApiError`: 404 for what is no delivery
 * path, 400 for a type that is not served, an id that is not legal, broken percent-encoding.
 */
export function parseDeliveryPath(rawPath: string): DeliveryAddress {
  if (rawPath.length > MAX_DELIVERY_PATH_LENGTH) throw new ApiError('no-route');
  const segments = split(rawPath.split('?', 1)[0] ?? '');
  if (segments[0]?.text === 'res') segments.shift();
  const cloud = segments.shift()?.text ?? '';
  if (!isCloudName(cloud) || segments.length === 0) throw new ApiError('no-route');
  const { resourceType, type, hasSuffix } = takeRoot(segments);
  const signature = takeSignature(segments);
  const components = takeComponents(segments);
  const version = takeVersion(segments);
  const suffix = hasSuffix ? takeSuffix(segments, resourceType) : '';
  if (segments.length === 0) throw new ApiError('no-route');

  const literal = segments.map(({ text }) => text).join('/') + suffix;
  const id = normalisePublicId(literal);
  if (id === null) throw invalidId(literal);
  return {
    cloud,
    resourceType,
    type,
    signature,
    signedText: rawText([...components, ...segments]) + suffix,
    transformation: components.map(({ text }) => text).join('/'),
    version,
    id,
    ...splitExtension(id, resourceType),
  };
}

function split(path: string): Segment[] {
  const segments: Segment[] = [];
  let slash = '';
  for (const piece of path.split(/(\/|%2[Ff])/)) {
    if (piece === '/' || piece.toUpperCase() === '%2F') slash = slash === '' ? piece : slash;
    else if (piece !== '') {
      segments.push({ raw: piece, text: decode(piece), slash });
      slash = '';
    }
  }
  return segments;
}

function rawText(segments: readonly Segment[]): string {
  return segments.map(({ slash, raw }, index) => (index === 0 ? raw : slash + raw)).join('');
}

function decode(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch (cause) {
    throw invalidId(raw, cause);
  }
}

/** The text is cut: it goes into a header. */
function invalidId(text: string, cause?: unknown): ApiError {
  return new ApiError('invalid-public-id', { publicId: text.slice(0, MAX_PUBLIC_ID_LENGTH) }, { cause });
}

function takeRoot(segments: Segment[]): Root & { readonly hasSuffix: boolean } {
  const first = segments[0]?.text ?? '';
  const short = shortRoots.get(first);
  if (short !== undefined) {
    segments.shift();
    return short;
  }
  if (first !== 'image' && first !== 'video' && first !== 'raw') {
    return { resourceType: 'image', type: 'upload', hasSuffix: false };
  }
  const type = segments[1]?.text;
  if (type === undefined) throw new ApiError('no-route');
  if (type !== 'upload' && type !== 'private' && type !== 'authenticated') {
    throw new ApiError('unsupported-delivery-type', { type });
  }
  segments.splice(0, 2);
  return { resourceType: first, type, hasSuffix: false };
}

/** `s--XXXXXXXX--`, 8 or 32 characters (section 1.2, step 3); the last segment is always the id. */
function takeSignature(segments: Segment[]): string | null {
  const [first, ...rest] = segments;
  const match = /^s--([A-Za-z0-9_-]{8}|[A-Za-z0-9_-]{32})--$/.exec(first?.text ?? '');
  if (match === null || rest.length === 0) return null;
  segments.shift();
  return match[1] ?? null;
}

/** "the first segment that does not match starts the public ID. The final segment is never a component" (section 1.2). */
function takeComponents(segments: Segment[]): Segment[] {
  const end = segments.findIndex(
    ({ text }, index) => index === segments.length - 1 || !looksLikeComponent(text),
  );
  return segments.splice(0, Math.max(0, end));
}

function takeVersion(segments: Segment[]): number | null {
  const first = segments[0]?.text ?? '';
  if (segments.length < 2 || !/^v\d{1,15}$/.test(first)) return null;
  segments.shift();
  return Number(first.slice(1));
}

/** Drops the cosmetic last element; the extension that sits on it belongs to the id (section 1.1). Answers it with its dot. */
function takeSuffix(segments: Segment[], resourceType: string): string {
  const last = segments.pop()?.text ?? '';
  const { publicId, extension } = splitExtension(last, 'image');
  if (extension !== null) return last.slice(publicId.length);
  if (resourceType === 'raw' && last.includes('.')) return last.slice(last.lastIndexOf('.'));
  return '';
}

function splitExtension(id: string, resourceType: string): { publicId: string; extension: string | null } {
  const dot = id.lastIndexOf('.');
  const extension = id.slice(dot + 1);
  const isSplit =
    resourceType !== 'raw' && dot > id.lastIndexOf('/') + 1 && canonicalFormat(extension) !== null;
  return isSplit
    ? { publicId: id.slice(0, dot), extension: extension.toLowerCase() }
    : { publicId: id, extension: null };
}

export interface DeliveryUrlParts {
  /** Scheme, host and any path in front of the cloud name, without a slash at the end. May be empty. */
  readonly base: string;
  readonly cloud: string;
  readonly resourceType: string;
  readonly type: string;
  /** Without `s--` and `--`. */
  readonly signature?: string | null;
  /** Transformation text, not encoded. */
  readonly transformation?: string | null;
  readonly version?: number | null;
  readonly publicId: string;
  readonly format?: string | null;
}

/**
 * The URL that an SDK builds for the same asset. Without a version, `v1` stands before an id with a slash, so that its folder is
 * never read as a component (transformations reference, section 1.2, step 5).
 */
export function buildDeliveryUrl(parts: DeliveryUrlParts): string {
  const { base, cloud, resourceType, type, signature, transformation } = parts;
  const version = parts.version ?? (parts.publicId.includes('/') ? 1 : null);
  return [
    base,
    cloud,
    resourceType,
    type,
    signature ? `s--${signature}--` : '',
    encodeTransformation(transformation ?? ''),
    version === null ? '' : `v${version}`,
    encodeId(parts),
  ]
    .filter((part, index) => index === 0 || part !== '')
    .join('/');
}

/** What the signature of {@link buildDeliveryUrl}'s answer must cover: components and id as encoded in the URL (section 1.5). */
export function deliverySignedText(
  parts: Pick<DeliveryUrlParts, 'transformation' | 'publicId' | 'format'>,
): string {
  return [encodeTransformation(parts.transformation ?? ''), encodeId(parts)]
    .filter((part) => part !== '')
    .join('/');
}

function encodeId({ publicId, format }: Pick<DeliveryUrlParts, 'publicId' | 'format'>): string {
  return encode(format ? `${publicId}.${format}` : publicId, /[^A-Za-z0-9\-._~/:]/gu);
}

/** Components keep the characters that a path may carry (RFC 3986, section 3.3): `,`, `:`, `$`, `!`, `;` among them. */
function encodeTransformation(text: string): string {
  return encode(text, /[^A-Za-z0-9\-._~/:@!$'()*,;=]/gu);
}

/** "SDK encodes each byte except unreserved characters, `/` and `:`" (section 1.3). */
function encode(text: string, outside: RegExp): string {
  return text.replace(outside, percentEncoded);
}

const utf8Hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** `encodeURIComponent` leaves `! ' ( ) *` bare; ids have them encoded. */
function percentEncoded(character: string): string {
  const escaped = encodeURIComponent(character);
  return escaped === character ? utf8Hex(character.charCodeAt(0)) : escaped;
}
