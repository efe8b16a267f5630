import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { LogFields } from '../../ports/logger.js';
import { createPinoLogger, type LogLevel } from './pino-logger.js';

const SECRET = 'abcdefghijklmnopqrstuvwxyz-SECRET';

const capture = (level?: LogLevel) => {
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line) };
  return { lines, logger: createPinoLogger(level === undefined ? { output } : { level, output }) };
};
const written = (fields: LogFields) => {
  const { lines, logger } = capture();
  logger.info('constant', fields);
  expect(lines).toHaveLength(1);
  return { line: lines[0] ?? '', record: JSON.parse(lines[0] ?? '') };
};

describe('createPinoLogger', () => {
  it('writes one JSON object a line', () => {
    const { record, line } = written({ bytes: 12, cloud: 'demo', missing: undefined, none: null });
    expect(line.endsWith('}\n')).toBe(true);
    expect(record).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      bytes: 12,
      cloud: 'demo',
      none: null,
      msg: 'constant',
    });
  });

  it.each<[LogLevel | undefined, string[]]>([
    ['debug', ['debug', 'info', 'warn', 'error']],
    [undefined, ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ])('at level %s', (level, expected) => {
    const { lines, logger } = capture(level);
    for (const severity of ['debug', 'info', 'warn', 'error'] as const) logger[severity](severity);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(expected);
  });

  it.each(['a\nb', 'a\r\nb', 'x","level":"error', '\u2028', '\u0000', '{"fake":1}\n{"fake":2}'])(
    'keeps %j in one record',
    (name) => {
      const { line, record } = written({ name, [name]: 1 });
      expect(line.trimEnd().split(/[\r\n]/)).toHaveLength(1);
      expect(record.name).toBe(name);
      expect(record.level).toBe('info');
    },
  );

  it.each<[string, LogFields]>([
    ['api_secret', { api_secret: SECRET }],
    ['apiSecret', { apiSecret: SECRET }],
    ['API-SECRET', { 'API-SECRET': SECRET }],
    ['secret', { secret: SECRET }],
    ['signature', { signature: SECRET }],
    ['expected signature', { expectedSignature: SECRET, expected_signature: SECRET }],
    ['headers', { headers: { Authorization: SECRET, cookie: SECRET, 'set-cookie': [SECRET] } }],
    ['tokens', { token: SECRET, deleteToken: SECRET, 'X-Counterseal-Sign-Token': SECRET }],
    ['master key', { masterKey: SECRET, MASTER_KEY: Buffer.from(SECRET) }],
    ['password', { password: SECRET, db: { passwd: SECRET } }],
    ['an object under a secret name', { secrets: { demo: SECRET } }],
    ['deep inside', { a: { b: [{ c: { d: { secret: SECRET } } }] } }],
    ['a Map', { params: new Map([['signature', SECRET]]) }],
    [
      'a URL with user info',
      { url: `cloudinary://key:${SECRET}@demo`, other: new URL(`http://u:${SECRET}@h/`) },
    ],
    ['an HTTP credential', { text: `Authorization was Basic ${SECRET}` }],
    ['a query', { url: `/v1_1/demo/image/upload?timestamp=1&signature=${SECRET}&x=1` }],
    ['bytes', { body: Buffer.from(SECRET) }],
    ['an error', { err: Object.assign(new Error(`cloudinary://k:${SECRET}@c`), { secret: SECRET }) }],
    ['the cause of an error', { err: new Error('x', { cause: { token: SECRET } }) }],
  ])('never writes %s', (_, fields) => {
    const { line } = written(fields);
    expect(line).not.toContain(SECRET);
    expect(line).not.toContain(Buffer.from(SECRET).toString('base64'));
  });

  it.each<[string, LogFields]>([
    ['names that only look alike', { publicId: 'secretary', bytes: 1, keys: 2 }],
    ['plain URLs', { url: 'https://example.com:8080/a@b?x=1' }],
  ])('leaves %s alone', (_, fields) => {
    expect(written(fields).record).toMatchObject(fields);
  });

  it('writes errors with type, code, stack and cause', () => {
    const error = Object.assign(new TypeError('broken', { cause: new Error('inner') }), { code: 'EIO' });
    expect(written({ err: error }).record.err).toMatchObject({
      type: 'TypeError',
      message: 'broken',
      code: 'EIO',
      stack: expect.stringContaining('pino-logger.test'),
      cause: { message: 'inner' },
    });
  });

  it('survives cycles, depth, big integers and prototype names', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}');
    const { record } = written({ cycle, big: 10n ** 30n, hostile, many: new Array(1000).fill(0) });
    expect(record.big).toBe(`1${'0'.repeat(30)}`);
    expect(record.many).toHaveLength(100);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['a'.repeat(1_000_000), '://'.repeat(100_000), 'a:b@'.repeat(100_000), 'secret='.repeat(100_000)])(
    'cuts long text, in little time',
    (text) => {
      const startedAt = performance.now();
      expect(written({ text }).record.text.length).toBeLessThan(50_000);
      expect(performance.now() - startedAt).toBeLessThan(500);
    },
  );

  it('goes to standard error by default, before the call returns', () => {
    const lines: unknown[][] = [];
    const writeSync = vi.spyOn(fs, 'writeSync').mockImplementation((fd, text) => {
      lines.push([fd, String(text)]);
      return Buffer.byteLength(String(text));
    });
    try {
      createPinoLogger().info('last words');
    } finally {
      writeSync.mockRestore();
    }
    expect(lines).toEqual([[2, expect.stringContaining('"msg":"last words"')]]);
  });
});
