import { contentDisposition } from '../../http/content-disposition.js';
import { deliveryCors } from '../../http/cors.js';
import type { CacheableAnswer } from '../../http/delivery-cache.js';
import { printHttpDate } from '../../http/http-date.js';
import { type Content, releaseContent, retainContent } from '../../services/content.js';

/** Everything one 200 needs, prepared once: sending it computes nothing. Counted like its content. */
export interface DeliveryAnswer extends CacheableAnswer {
  /** Quoted. */
  readonly etag: string;
  readonly modifiedAtMs: number;
  readonly content: Content;
  /** Name, value, name, value, ... as `writeHead` takes them; without Content-Length. */
  readonly headers: readonly string[];
  readonly fullHeaders: readonly string[];
  readonly notModifiedHeaders: readonly string[];
}

export interface AnswerFacts {
  readonly contentType: string;
  readonly disposition: { readonly attachment: boolean; readonly filename: string };
  /** MD5, 32 hex digits. */
  readonly etag: string;
  readonly modifiedAtMs: number;
  /** Everybody may have it: shared caches may keep it. */
  readonly isPublic: boolean;
  readonly vary: readonly string[];
  readonly isSvg: boolean;
}

/** Transformations reference, section 1.15. */
const cacheLifetime = 'no-transform, immutable, max-age=2592000';

/** Uploads are never documents that run anything (threat model T14, T15); an SVG may still style itself. */
const sandbox = "default-src 'none'; sandbox";
const svgSandbox = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Takes over one hold of `content`. */
export function createAnswer(facts: AnswerFacts, content: Content): DeliveryAnswer {
  const etag = `"${facts.etag}"`;
  const shared: string[] = [
    ['Cache-Control', `${facts.isPublic ? 'public' : 'private'}, ${cacheLifetime}`],
    ['ETag', etag],
    ['Last-Modified', printHttpDate(facts.modifiedAtMs)],
    ...(facts.vary.length === 0 ? [] : [['Vary', facts.vary.join(', ')]]),
    ...Object.entries(deliveryCors()),
    ['Cross-Origin-Resource-Policy', 'cross-origin'],
  ].flat();
  const headers = ['Content-Type', facts.contentType, ...shared, ...protection(facts)];
  return {
    etag,
    modifiedAtMs: facts.modifiedAtMs,
    content,
    headers,
    fullHeaders: ['Content-Length', String(content.bytes), ...headers],
    notModifiedHeaders: shared,
    memoryBytes: content.kind === 'memory' ? content.bytes : 0,
    holdsFile: content.kind === 'file',
    retain: () => {
      retainContent(content);
    },
    release: () => releaseContent(content),
  };
}

function protection({ disposition, isSvg }: AnswerFacts): string[] {
  const attachment = disposition.attachment
    ? ['Content-Disposition', contentDisposition('attachment', disposition.filename)]
    : [];
  return [
    'Accept-Ranges',
    'bytes',
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    isSvg ? svgSandbox : sandbox,
    ...attachment,
  ];
}
