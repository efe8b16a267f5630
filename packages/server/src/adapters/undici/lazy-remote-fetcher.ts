import type { RemoteFetcher } from '../../ports/remote-fetcher.js';
import type { UndiciRemoteFetcherOptions } from './undici-remote-fetcher.js';

/**
 * {@link RemoteFetcher} that loads its HTTP client with the first file it is asked for: a sixth of what a server start would cost, for
 * something that many servers never do.
 */
export function lazyRemoteFetcher(options: UndiciRemoteFetcherOptions = {}): RemoteFetcher {
  let loading: Promise<RemoteFetcher> | null = null;
  let closed = false;
  const load = () => {
    loading ??= import('./undici-remote-fetcher.js').then(
      ({ UndiciRemoteFetcher }) => new UndiciRemoteFetcher(options),
    );
    return loading;
  };
  return {
    open: async (url, request) => {
      if (closed) throw new Error('the fetcher is closed');
      return (await load()).open(url, request);
    },
    close: async () => {
      closed = true;
      await (await loading)?.close();
    },
  };
}
