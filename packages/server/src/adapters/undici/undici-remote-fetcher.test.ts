import { expect, it } from 'vitest';
import { remoteFetcherContract } from '../../ports/contracts/remote-fetcher.contract.js';
import { UndiciRemoteFetcher } from './undici-remote-fetcher.js';

remoteFetcherContract('undici', (settings) => new UndiciRemoteFetcher(settings));

it('does not start with a malformed allow list', () => {
  expect(() => new UndiciRemoteFetcher({ fetchAllow: ['10.0.0.0/8', 'nonsense'] })).toThrow('nonsense');
});

it('rejects after it was closed', async () => {
  const fetcher = new UndiciRemoteFetcher({ fetchAllow: ['127.0.0.0/8'] });
  await fetcher.close();
  await expect(fetcher.open('http://127.0.0.1:9/', { maxBytes: 1 })).rejects.toThrow('ERR_');
});
