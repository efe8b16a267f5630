import { expect, it } from 'vitest';
import { parseCidrList } from './cidr-list.js';

it.each([
  ['', []],
  [' , ', []],
  ['127.0.0.0/8', ['127.0.0.0/8']],
  ['10.0.0.0/8, fd00::/8\n192.168.1.7/32', ['10.0.0.0/8', 'fd00::/8', '192.168.1.7/32']],
  ['0.0.0.0/0,::/0', ['0.0.0.0/0', '::/0']],
])('reads %j', (text, cidrs) => {
  expect(parseCidrList(text)).toEqual({ cidrs, problems: [] });
});

it('reports every problem, and keeps what is good', () => {
  const wrong = [
    '10.0.0.0',
    '10.0.0.0/33',
    'fd00::/129',
    'fe80::1%eth0/64',
    '1.2.3/8',
    'host/8',
    '1.2.3.4/-1',
    '1.2.3.4/8/8',
  ];
  const { cidrs, problems } = parseCidrList(['127.0.0.0/8', ...wrong].join(','));
  expect(cidrs).toEqual(['127.0.0.0/8']);
  expect(problems).toHaveLength(wrong.length);
  for (const [index, entry] of wrong.entries()) expect(problems[index]).toContain(JSON.stringify(entry));
});
