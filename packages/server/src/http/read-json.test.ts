import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitItems, splitMembers } from './json-members.js';
import { readJson } from './read-json.js';

async function read(text: string) {
  async function* source() {
    yield Buffer.from(text);
  }
  return readJson(source(), { add: () => {} });
}

test('every kind of value', async () => {
  const members = await read(`{
    "text": "a\\u00e9\\"", "int": 10, "float": 1.50, "exp": 1e3, "big": 12345678901234567890, "yes": true, "no": false,
    "nothing": null, "list": ["a", 1.0, true, null], "none": [], "map": { "b": 1, "a": ["x"] },
    "rows": [ {"k": 1}, [2] ], "names[]": "x"
  }`);
  const pairs = members.map((member) => (member.kind === 'pair' ? member.pair : null));
  const plain = (name: string, ...values: string[]) => ({ name, values, isList: false, origin: 'body' });
  expect(pairs).toEqual([
    plain('text', 'a\u00e9"'),
    plain('int', '10'),
    plain('float', '1.50'),
    plain('exp', '1e3'),
    plain('big', '12345678901234567890'),
    plain('yes', 'true'),
    plain('no', 'false'),
    { ...plain('list', 'a', '1.0', 'true'), isList: true },
    { ...plain('none'), isList: true },
    { ...plain('map', '{"b":1,"a":["x"]}'), json: { b: 1, a: ['x'] } },
    { ...plain('rows', '[{"k":1},[2]]'), json: [{ k: 1 }, [2]] },
    { ...plain('names', 'x'), isList: true },
  ]);
});

test('objects have no prototype', async () => {
  const [member] = await read('{"context":{"__proto__":{"admin":true}}}');
  const json = member?.kind === 'pair' ? member.pair.json : null;
  expect(Object.getPrototypeOf(json)).toBeNull();
  expect(Object.keys(json as object)).toEqual(['__proto__']);
  expect(member).toMatchObject({ pair: { values: ['{"__proto__":{"admin":true}}'] } });
});

test.each(['', ' \n'])('no content: %j', async (text) => expect(await read(text)).toEqual([]));

test('the splitter agrees with JSON.parse on any JSON', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const split = splitMembers(text).map(({ key, value: raw }) => [key, JSON.parse(raw)]);
      expect(split).toEqual(Object.entries(JSON.parse(text)));
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (value) => {
      const text = JSON.stringify(value, null, 1);
      expect(splitItems(text).map((raw) => JSON.parse(raw))).toEqual(JSON.parse(text));
    }),
  );
});
