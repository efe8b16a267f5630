import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './load.js';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({}, {})).toMatchObject({
      host: '127.0.0.1',
      port: 8420,
      publicUrl: null,
      maxFileBytes: 1024 ** 3,
      fetchAllow: [],
      trustedProxies: [],
      bootstrap: null,
      folderMode: 'fixed',
    });
  });

  it('lets flags win over the environment, and an empty variable count as unset', () => {
    expect(loadConfig({ port: '1' }, { COUNTERSEAL_PORT: '2' }).port).toBe(1);
    expect(loadConfig({}, { COUNTERSEAL_PORT: '2' }).port).toBe(2);
    expect(loadConfig({}, { COUNTERSEAL_PORT: '' }).port).toBe(8420);
  });

  it('reports all problems at once', () => {
    const bad = {
      COUNTERSEAL_FETCH_ALLOW: '10.0.0.0/8,nope',
      COUNTERSEAL_TRUSTED_PROXIES: '127.0.0.1',
      COUNTERSEAL_PORT: 'x',
      COUNTERSEAL_PUBLIC_URL: 'ftp://x',
      COUNTERSEAL_BOOTSTRAP: 'nope',
    };
    expect(() => loadConfig({}, bad)).toThrow(ConfigError);
    expect(() => loadConfig({}, bad)).toThrow(
      /PORT[\s\S]*PUBLIC_URL[\s\S]*"nope" is not a CIDR[\s\S]*"127.0.0.1" is not a CIDR[\s\S]*BOOTSTRAP/,
    );
  });

  it('decodes the user-info of a bootstrap URL', () => {
    const { bootstrap } = loadConfig({}, { COUNTERSEAL_BOOTSTRAP: 'cloudinary://k%40:s%2F%3A@ci' });
    expect(bootstrap).toEqual({ cloud: 'ci', apiKey: 'k@', apiSecret: 's/:' });
  });

  it('accepts a weak bootstrap secret on loopback only', () => {
    const weak = { COUNTERSEAL_BOOTSTRAP: 'cloudinary://key:abcd@ci' };
    expect(loadConfig({}, weak).bootstrap?.apiSecret).toBe('abcd');
    expect(() => loadConfig({ host: '0.0.0.0' }, weak)).toThrow(/weak/);
  });
});
