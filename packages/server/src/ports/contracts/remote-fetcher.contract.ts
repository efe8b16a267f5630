import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RemoteFetchError, type RemoteFetcher } from '../remote-fetcher.js';

const MIB = 1024 * 1024;
const capped = { maxBytes: MIB };

export interface RemoteFetcherSettings {
  /** CIDR ranges reachable although they are not public. */
  readonly fetchAllow?: readonly string[];
  readonly deadlineMs?: number;
  /** Answers of the resolver, in place of the system's. */
  readonly resolve?: (hostname: string) => Promise<readonly { address: string; family: number }[]>;
}

type Answer = (req: IncomingMessage, res: ServerResponse) => void;

/** The suite every {@link RemoteFetcher} passes, against real servers on loopback (threat model T22-T25). */
export function remoteFetcherContract(
  name: string,
  create: (settings: RemoteFetcherSettings) => RemoteFetcher,
): void {
  describe(`RemoteFetcher contract: ${name}`, () => {
    const toClose: (RemoteFetcher | Server)[] = [];
    const fetcherFor = (settings: RemoteFetcherSettings) => {
      const fetcher = create(settings);
      toClose.push(fetcher);
      return fetcher;
    };
    let server: Server;
    let base: string;
    let port: number;
    const requests: IncomingMessage[] = [];
    const asked = new Set<string | undefined>();
    const routes: Record<string, Answer> = {
      '/photo.jpg': (_, res) => res.writeHead(200, { 'content-type': 'image/jpeg' }).end('the bytes'),
      '/missing': (_, res) => res.writeHead(404, 'Shut\tup').end('no such thing'),
      '/forbidden': (_, res) => res.writeHead(403).end(),
      '/teapot': (_, res) => res.writeHead(599).end(),
      '/broken': (_, res) => res.writeHead(500).end(),
      '/partial': (_, res) => res.writeHead(206, { 'content-range': 'bytes 0-2/9' }).end('the'),
      '/empty': (_, res) => res.writeHead(200, { 'content-length': '0' }).end(),
      '/hop1': (_, res) => res.writeHead(301, { location: '/photo.jpg' }).end('moved'),
      '/hop2': (_, res) => res.writeHead(302, { location: `${base}/hop1` }).end(),
      '/hop3': (_, res) => res.writeHead(307, { location: 'hop2' }).end(),
      '/hop4': (_, res) => res.writeHead(308, { location: '/hop3' }).end(),
      '/loop': (_, res) => res.writeHead(302, { location: '/loop' }).end(),
      '/nowhere': (_, res) => res.writeHead(302).end(),
      '/to-file': (_, res) => res.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      '/to-data': (_, res) => res.writeHead(302, { location: 'data:text/plain,hello' }).end(),
      '/to-metadata': (_, res) => res.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
      '/to-inside': (_, res) => res.writeHead(302, { location: `http://127.0.0.2:${port}/photo.jpg` }).end(),
      '/to-user': (_, res) => res.writeHead(302, { location: `http://me:pw@127.0.0.1:${port}/` }).end(),
      '/to-other': (_, res) => res.writeHead(302, { location: `http://other.test:${port}/photo.jpg` }).end(),
      '/to-junk': (_, res) => res.writeHead(302, { location: 'http://[' }).end(),
      '/never': () => undefined,
      '/endless': (_, res) => {
        const timer = setInterval(() => res.write(Buffer.alloc(64 * 1024)), 1);
        res.on('close', () => clearInterval(timer));
      },
      '/slow': (_, res) => {
        const timer = setInterval(() => res.write('.'), 20);
        res.on('close', () => clearInterval(timer));
      },
      '/declared-large': (_, res) => {
        res.writeHead(200, { 'content-length': String(5 * MIB) }).flushHeaders();
      },
      '/exactly': (_, res) => res.writeHead(200, { 'content-length': String(MIB) }).end(Buffer.alloc(MIB)),
      '/breaks-off': (_, res) => {
        res.writeHead(200, { 'content-length': '1000' }).write('only this');
        setTimeout(() => res.destroy(), 20);
      },
      '/chunked-breaks-off': (_, res) => {
        res.write('only this');
        setTimeout(() => res.destroy(), 20);
      },
      '/gzip': (_, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1000))),
      '/identity': (_, res) => res.writeHead(200, { 'content-encoding': 'identity' }).end('plain'),
      '/large-head': (_, res) => res.writeHead(200, { 'x-large': 'x'.repeat(60_000) }).end(),
    };

    beforeAll(async () => {
      server = createServer((req, res) => {
        requests.push(req);
        asked.add(req.socket.localAddress);
        const route = routes[new URL(req.url ?? '/', 'http://x').pathname];
        if (route === undefined) res.writeHead(200).end(req.url);
        else route(req, res);
      });
      // Every loopback address, so that 127.0.0.2 would answer if it were asked.
      await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
      port = (server.address() as AddressInfo).port;
      base = `http://127.0.0.1:${port}`;
    });
    afterEach(async () => {
      requests.length = 0;
      asked.clear();
      for (const one of toClose.splice(0)) await one.close();
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    const read = async (body: AsyncIterable<Uint8Array>) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };
    /** Opens and reads to the end with loopback allowed; the failure of either, or the text. */
    const attempt = async (path: string, settings: RemoteFetcherSettings = {}, maxBytes = MIB) => {
      const fetcher = fetcherFor({ fetchAllow: ['127.0.0.1/32'], ...settings });
      const url = path.startsWith('/') ? base + path : path;
      try {
        return await read((await fetcher.open(url, { maxBytes })).body);
      } catch (error) {
        if (error instanceof RemoteFetchError) return error;
        throw error;
      }
    };
    const reasonOf = (outcome: unknown) => (outcome instanceof RemoteFetchError ? outcome.reason : outcome);

    it('opens a file with its type and name', async () => {
      const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
      const file = await fetcher.open(`${base}/photo.jpg?size=2#part`, capped);
      expect(file).toMatchObject({ contentType: 'image/jpeg', filename: 'photo.jpg' });
      expect(await read(file.body)).toBe('the bytes');
      expect(requests[0]?.headers['accept-encoding']).toBe('identity');
    });

    it.each([
      ['/a/b/My%20Photo%C3%A9.JPG', 'My Photoé.JPG'],
      ['/folder/', null],
      ['/', null],
      ['/100%.png', '100%.png'],
      ['/hop1', 'hop1'],
    ])('takes the name from the requested URL: %s', async (path, filename) => {
      const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
      const file = await fetcher.open(base + path, capped);
      expect(file.filename).toBe(filename);
      await read(file.body);
    });

    it.each([
      ['/missing', '404 Not Found'],
      ['/forbidden', '403 Forbidden'],
      ['/broken', '500 Internal Server Error'],
      ['/teapot', '599 Unknown'],
      ['/partial', '206 Partial Content'],
    ])('reports a status in our own words: %s -> %s', async (path, reason) => {
      expect(reasonOf(await attempt(path))).toBe(reason);
    });

    it('passes an empty file on', async () => {
      expect(await attempt('/empty')).toBe('');
    });

    describe('redirects', () => {
      it('follows three and tells where it came out', async () => {
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
        const file = await fetcher.open(`${base}/hop3`, capped);
        expect(file.url).toBe(`${base}/photo.jpg`);
        expect(await read(file.body)).toBe('the bytes');
      });

      it.each([
        ['four of them', '/hop4', 'ERR_TOO_MANY_REDIRECTS 0'],
        ['a loop', '/loop', 'ERR_TOO_MANY_REDIRECTS 0'],
        ['no target', '/nowhere', 'ERR_INVALID_REDIRECT 0'],
        ['junk', '/to-junk', 'ERR_INVALID_URL 0'],
        ['a file URL', '/to-file', 'ERR_SCHEME_NOT_ALLOWED 0'],
        ['a data URL', '/to-data', 'ERR_SCHEME_NOT_ALLOWED 0'],
        ['cloud metadata', '/to-metadata', 'ERR_ADDRESS_NOT_ALLOWED 0'],
        ['an address inside', '/to-inside', 'ERR_ADDRESS_NOT_ALLOWED 0'],
        ['user info', '/to-user', 'ERR_USER_INFO_NOT_ALLOWED 0'],
      ])('refuses %s', async (_, path, reason) => {
        expect(reasonOf(await attempt(path))).toBe(reason);
        expect([...asked]).not.toContain('127.0.0.2');
      });

      it("keeps the caller's headers at the origin they were meant for", async () => {
        const fetcher = fetcherFor({
          fetchAllow: ['127.0.0.1/32'],
          resolve: async () => [{ address: '127.0.0.1', family: 4 }],
        });
        const headers = { authorization: 'Bearer x', Host: 'evil.test', 'Accept-Encoding': 'gzip' };
        await read((await fetcher.open(`${base}/to-other`, { ...capped, headers })).body);
        const [first, second] = requests.map((request) => request.headers);
        expect(first).toMatchObject({
          authorization: 'Bearer x',
          host: `127.0.0.1:${port}`,
          'accept-encoding': 'identity',
        });
        expect(second).toMatchObject({ host: `other.test:${port}` });
        expect(second?.authorization).toBeUndefined();
      });
    });

    it.each([
      ['127.0.0.1'],
      ['127.1'],
      ['2130706433'],
      ['0x7f000001'],
      ['0177.0.0.1'],
      ['0x7f.0.0x1'],
      ['127.0.0.1.'],
      ['①②⑦.⓪.⓪.①'],
      ['0.0.0.0'],
      ['[::1]'],
      ['[::]'],
      ['[::ffff:127.0.0.1]'],
      ['[0:0:0:0:0:ffff:7f00:1]'],
      ['[64:ff9b::7f00:1]'],
      ['[2002:7f00:1::]'],
      ['localhost'],
      ['LOCALHOST'],
    ])('does not reach loopback as %s', async (host) => {
      for (const suffix of [`:${port}/photo.jpg`, '/photo.jpg']) {
        const outcome = await attempt(`http://${host}${suffix}`, { fetchAllow: [] });
        expect(reasonOf(outcome)).toBe('ERR_ADDRESS_NOT_ALLOWED 0');
      }
      expect(requests).toEqual([]);
    });

    it.each([
      ['ftp://127.0.0.1/x', 'ERR_SCHEME_NOT_ALLOWED 0'],
      ['file:///etc/passwd', 'ERR_SCHEME_NOT_ALLOWED 0'],
      ['http://', 'ERR_INVALID_URL 0'],
      ['http://256.256.256.256/', 'ERR_INVALID_URL 0'],
      ['no url', 'ERR_INVALID_URL 0'],
      ['http://user@127.0.0.1/', 'ERR_USER_INFO_NOT_ALLOWED 0'],
      ['http://:pw@127.0.0.1/', 'ERR_USER_INFO_NOT_ALLOWED 0'],
      ['http://8.8.8.8:22/', 'ERR_PORT_NOT_ALLOWED 0'],
      ['http://[2606:4700::1111]:8080/', 'ERR_PORT_NOT_ALLOWED 0'],
    ])('refuses %s', async (url, reason) => {
      expect(reasonOf(await attempt(url))).toBe(reason);
    });

    describe('names', () => {
      const good = { address: '127.0.0.1', family: 4 };
      const settings = (...answers: { address: string; family: number }[][]) => {
        let asked = 0;
        return {
          resolve: async () => answers[Math.min(asked++, answers.length - 1)] ?? [],
        };
      };
      const url = () => `http://name.test:${port}/photo.jpg`;

      it('reaches an allowed range through a name, on any port', async () => {
        expect(await attempt(url(), settings([good]))).toBe('the bytes');
      });

      it.each([
        ['one bad record among good ones', [good, { address: '127.0.0.2', family: 4 }]],
        ['the bad record first', [{ address: '10.0.0.1', family: 4 }, good]],
        ['a bad IPv6 record', [good, { address: '::1', family: 6 }]],
        ['a link-local record with a zone', [good, { address: 'fe80::1%lo', family: 6 }]],
        ['something that is no address', [good, { address: '0x7f.1', family: 4 }]],
      ])('refuses all for %s', async (_, answer) => {
        expect(reasonOf(await attempt(url(), settings(answer)))).toBe('ERR_ADDRESS_NOT_ALLOWED 0');
        expect(requests).toEqual([]);
      });

      it('checks the very answer it connects to (rebinding)', async () => {
        const rebinding = settings([good], [{ address: '127.0.0.2', family: 4 }]);
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.1/32'], ...rebinding });
        expect(await read((await fetcher.open(url(), capped)).body)).toBe('the bytes');
        await expect(fetcher.open(url(), capped)).rejects.toThrow('ERR_ADDRESS_NOT_ALLOWED 0');
        expect(requests.length).toBe(1);
      });

      it('refuses other ports of public addresses behind a name', async () => {
        const outcome = await attempt(url(), settings([{ address: '8.8.8.8', family: 4 }]));
        expect(reasonOf(outcome)).toBe('ERR_PORT_NOT_ALLOWED 0');
      });

      it.each([
        ['unknown to the resolver', () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }))],
        ['without addresses', async () => []],
      ])('a name %s is a DNS failure', async (_, resolve) => {
        expect(reasonOf(await attempt('http://name.test/x', { resolve }))).toBe('ERR_DNS_FAIL 0');
      });

      it('says nothing about addresses', async () => {
        const outcome = await attempt(url(), settings([{ address: '10.11.12.13', family: 4 }]));
        expect(String(outcome)).not.toContain('10.11');
        const refused = await attempt('http://127.0.0.1:1/');
        expect(reasonOf(refused)).toBe('ERR_CONNECTION_REFUSED 0');
      });
    });

    describe('bodies', () => {
      it('stops an endless one at the cap', async () => {
        const outcome = await attempt('/endless');
        expect(reasonOf(outcome)).toBe('ERR_FILE_TOO_LARGE 0');
        expect((outcome as RemoteFetchError).tooLargeBytes).toBeGreaterThan(MIB);
        expect((outcome as RemoteFetchError).tooLargeBytes).toBeLessThan(2 * MIB);
      });

      it('refuses one that is declared too large before reading it', async () => {
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
        const error = await fetcher.open(`${base}/declared-large`, capped).catch((reason) => reason);
        expect(error).toMatchObject({ reason: 'ERR_FILE_TOO_LARGE 0', tooLargeBytes: 5 * MIB });
      });

      it('takes exactly as much as allowed, and not one byte more', async () => {
        expect((await attempt('/exactly')) as string).toHaveLength(MIB);
        expect(reasonOf(await attempt('/exactly', {}, MIB - 1))).toBe('ERR_FILE_TOO_LARGE 0');
      });

      it.each(['/slow', '/never'])('gives up %s at the deadline', async (path) => {
        const startedAt = Date.now();
        expect(reasonOf(await attempt(path, { deadlineMs: 150 }))).toBe('ERR_TIMEOUT 0');
        expect(Date.now() - startedAt).toBeLessThan(2000);
      });

      it('counts slow names into the deadline', async () => {
        const resolve = () => new Promise<never>(() => {});
        expect(reasonOf(await attempt('http://name.test/', { resolve, deadlineMs: 100 }))).toBe(
          'ERR_TIMEOUT 0',
        );
      });

      it.each(['/breaks-off', '/chunked-breaks-off'])(
        'fails when the peer lies or leaves: %s',
        async (path) => {
          expect(reasonOf(await attempt(path))).toMatch(
            /^ERR_(CONNECTION_RESET|CONTENT_LENGTH_MISMATCH|INVALID_RESPONSE) 0$/,
          );
        },
      );

      it('refuses compressed ones, takes plain ones', async () => {
        expect(reasonOf(await attempt('/gzip'))).toBe('ERR_CONTENT_ENCODING 0');
        expect(await attempt('/identity')).toBe('plain');
      });

      it('refuses an answer with too large a head', async () => {
        expect(reasonOf(await attempt('/large-head'))).toBe('ERR_HEADERS_TOO_LARGE 0');
      });
    });

    describe('raw peers', () => {
      let raw: TcpServer;
      const answerWith = async (text: string) => {
        raw = createTcpServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => socket.end(text));
        });
        await new Promise<void>((done) => raw.listen(0, '127.0.0.1', done));
        return `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`;
      };
      afterEach(() => void raw.close());

      it.each([
        ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'ERR_INVALID_RESPONSE 0'],
        ['nothing', '', 'ERR_CONNECTION_RESET 0'],
        ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', /^ERR_/],
        ['too many bytes', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcdef', /^ERR_|^ab$/],
        [
          'a compressed transfer',
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
          'ERR_CONTENT_ENCODING 0',
        ],
      ])('%s', async (_, text, reason) => {
        expect(reasonOf(await attempt(await answerWith(text)))).toEqual(
          typeof reason === 'string' ? reason : expect.stringMatching(reason),
        );
      });
    });

    describe('giving up', () => {
      const closed = () => expect.poll(() => requests[0]?.socket.destroyed, { timeout: 2000 }).toBe(true);

      it('before the answer, with the reason of the signal', async () => {
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
        const controller = new AbortController();
        const opening = fetcher.open(`${base}/never`, { ...capped, signal: controller.signal });
        setTimeout(() => controller.abort(new Error('enough')), 50);
        await expect(opening).rejects.toThrow('enough');
        await closed();
      });

      it('in the body, with the reason of the signal', async () => {
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
        const controller = new AbortController();
        const file = await fetcher.open(`${base}/slow`, { ...capped, signal: controller.signal });
        setTimeout(() => controller.abort(new Error('enough')), 50);
        await expect(read(file.body)).rejects.toThrow('enough');
        await closed();
      });

      it('without ever reading the body', async () => {
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
        const controller = new AbortController();
        await fetcher.open(`${base}/slow`, { ...capped, signal: controller.signal });
        controller.abort();
        await closed();
      });

      it('by leaving the loop, or returning before it began', async () => {
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
        for await (const _ of (await fetcher.open(`${base}/slow`, capped)).body) break;
        await closed();
        const unread = await fetcher.open(`${base}/slow`, capped);
        await unread.body[Symbol.asyncIterator]().return?.();
        await expect.poll(() => requests[1]?.socket.destroyed).toBe(true);
      });

      it('with a signal aborted beforehand', async () => {
        const fetcher = fetcherFor({ fetchAllow: ['127.0.0.0/8'] });
        const signal = AbortSignal.abort(new Error('too late'));
        await expect(fetcher.open(`${base}/photo.jpg`, { ...capped, signal })).rejects.toThrow('too late');
        expect(requests).toEqual([]);
      });
    });

    it('asks no proxy of the environment', async () => {
      const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'HTTPS_PROXY'];
      for (const variable of names) vi.stubEnv(variable, 'http://127.0.0.1:1');
      try {
        expect(await attempt('/photo.jpg')).toBe('the bytes');
      } finally {
        vi.unstubAllEnvs();
      }
    });
  });
}
