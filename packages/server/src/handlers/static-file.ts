import { ApiError } from '@counterseal/protocol';
import { evaluateConditional } from '../http/conditional.js';
import { answering, type EdgeDeps, type Exchange } from '../http/serve-operation.js';
import type { StaticFiles } from '../ports/static-files.js';

export interface StaticFileDeps extends Pick<EdgeDeps, 'reportError'> {
  readonly files: StaticFiles;
  /** `Cache-Control` for a file, by its name. */
  readonly cacheControl: (name: string) => string;
}

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * Files that come with the product, for any page: they hold nothing of anyone's. `fixed` is the file of an address; without it the
 * rest of the address names one.
 */
export function serveStaticFile({ files, cacheControl, reportError }: StaticFileDeps, fixed?: string) {
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
        'Cache-Control': cacheControl(name),
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
