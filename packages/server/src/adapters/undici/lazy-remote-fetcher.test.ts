import { expect, it } from 'vitest';
import { remoteFetcherContract } from '../../ports/contracts/remote-fetcher.contract.js';
import { lazyRemoteFetcher } from './lazy-remote-fetcher.js';

remoteFetcherContract('undici, loaded late', (settings) => lazyRemoteFetcher(settings));

it('rejects after it was closed, also unused', async () => {
  const fetcher = lazyRemoteFetcher({ fetchAllow: ['127.0.0.0/8'] });
  await fetcher.close();
  await expect(fetcher.open('http://127.0.0.1:9/', { maxBytes: 1 })).rejects.toThrow('closed');
});
