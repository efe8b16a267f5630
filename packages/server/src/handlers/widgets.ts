import { ApiError } from '@counterseal/protocol';
import { evaluateConditional } from '../http/conditional.js';
import { answering, type EdgeDeps, type Exchange } from '../http/serve-operation.js';
import type { StaticFiles } from '../ports/static-files.js';

export interface WidgetDeps extends Pick<EdgeDeps, 'reportError'> {
  readonly files: StaticFiles;
}

/** Addresses of the original and ours (widget reference, section 1.1), and the file each one is. */
export const widgetScripts = {
  '/widgets/upload.js': 'upload.js',
  '/widgets/upload.mjs': 'upload.mjs',
  '/global/all.js': 'upload.js',
  '/latest/global/all.js': 'upload.js',
  '/v2.0/global/all.js': 'upload.js',
  '/global/text.json': 'text.json',
} as const;

const contentTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** Parts of a build carry a hash in their names and never change; the others are asked for again, and mostly unchanged. */
const forever = 'public, max-age=31536000, immutable';
const brief = 'public, max-age=300';

/**
 * Scripts of the widgets. Any page may load them: they hold nothing of anyone's, and send no cookies. `fixed` is the file of an
 * address; without it the address itself names one below /widgets.
 */
export function serveWidgets({ files, reportError }: WidgetDeps, fixed?: string) {
  return (exchange: Exchange): Promise<void> =>
    answering(exchange, { reportError }, async () => {
      const { req, res, path } = exchange;
      const name = fixed ?? path.name ?? '';
      const file = await files.read(name);
      const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)];
      if (file === null || contentType === undefined) throw new ApiError('no-route');
      const { status } = evaluateConditional('HEAD', req.headers, { ...file, bytes: file.bytes.length });
      const isGzip = /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''));
      const body = isGzip ? file.gzipped : file.bytes;
      res.writeHead(status, {
        'Content-Type': contentType,
        ETag: file.etag,
        'Cache-Control': name.startsWith('chunks/') ? forever : brief,
        Vary: 'Accept-Encoding',
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
        ...(status === 200 ? { 'Content-Length': body.length } : {}),
      });
      res.end(status === 200 ? body : undefined);
      return 'sent';
    });
}
