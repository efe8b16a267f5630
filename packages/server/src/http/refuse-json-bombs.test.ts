import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseJsonBombs } from './refuse-json-bombs.js';

const check = (text: string) => refuseJsonBombs(Buffer.from(text));
const repeated = (text: string, count: number) => text.repeat(count);

describe('refuseJsonBombs', () => {
  it.each([
    ['numbers', `{"tags":[${repeated('1,', 210_000)}1]}`, 'too many values'],
    ['objects', `{"x":[${repeated('{},', 110_000)}{}]}`, 'too many values'],
    ['arrays', `{"x":[${repeated('[],', 110_000)}[]]}`, 'too many values'],
    ['members', `{${repeated('"a":1,', 110_000)}"a":1}`, 'too many values'],
    ['escaped quotes', `{"x":"${repeated('\\"', 210_000)}"}`, 'too many values'],
    ['depth', repeated('[', 100), 'nested too deeply'],
    ['space', `{${repeated(' ', 8 * 1024 * 1024)}}`, 'too large'],
  ])('%s', (_, text, reason) => {
    expect(() => check(text)).toThrow(reason);
  });

  it.each([
    ['a data URI', `{"file":"data:,${repeated('a/+', 5_000_000)}"}`],
    ['brackets and commas inside strings', JSON.stringify({ x: repeated('[{,', 300_000) })],
    ['as many ids as a call may name', JSON.stringify({ public_ids: Array(2_200).fill('a') })],
    ['a string that ends in backslashes', JSON.stringify({ x: 'a\\', y: [['[']] })],
    ['an open string', '{"x'],
    ['an open string that ends in a backslash', '{"x\\"'],
    ['closing brackets only', ']]]]'],
  ])('lets through %s', (_, text) => expect(() => check(text)).not.toThrow());

  it('lets through what is small, whatever it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 10 }), (text) => {
        expect(() => check(text)).not.toThrow();
      }),
    );
  });
});
