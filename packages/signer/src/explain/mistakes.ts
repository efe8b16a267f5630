import { stringToSign } from '@counterseal/protocol';
import { type Finding, finding } from './finding.js';
import type { RequestView } from './view.js';

/** A text a client may have signed instead, and what that would mean. */
export interface Mistake {
  readonly text: string;
  readonly means: Finding;
}

type Values = Readonly<Record<string, string>>;
type MakeMistakes = (view: RequestView) => readonly Mistake[];

/** Dropping two at a time grows with the square. */
const maxNamesForPairs = 20;

const instead = (
  params: Values,
  code: string,
  message: string,
  parameter: string | null = null,
): Mistake => ({
  text: stringToSign(params),
  means: finding(code, message, parameter),
});
const mapValues = (params: Values, change: (value: string, name: string) => string): Values =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, change(value, name)]));
const without = (params: Values, ...names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
const joined = (view: RequestView, names: readonly string[], separator = '&') =>
  names
    .filter((name) => name in view.signed)
    .map((name) => `${name}=${view.signed[name]}`)
    .join(separator);

const signedTooMuch: MakeMistakes = ({ signed, leftOut }) => [
  ...Object.entries(leftOut).map(([name, value]) =>
    instead(
      { ...signed, [name]: value },
      'extra-parameter',
      `the client signed ${name}, which is no part of the string to sign`,
      name,
    ),
  ),
  instead(
    { ...signed, ...leftOut },
    'extra-parameter',
    `the client signed everything it sent, also ${Object.keys(leftOut).join(', ')}`,
  ),
];

const signedTooLittle: MakeMistakes = ({ signed }) => {
  const names = Object.keys(signed);
  const pairs =
    names.length > maxNamesForPairs
      ? []
      : names.flatMap((first, at) => names.slice(at + 1).map((second) => [first, second]));
  return [...names.map((name) => [name]), ...pairs].map((dropped) =>
    instead(
      without(signed, ...dropped),
      'missing-parameter',
      `the client did not sign ${dropped.join(' and ')}, but sent ${dropped.length === 1 ? 'it' : 'them'}`,
      dropped[0] ?? null,
    ),
  );
};

const onlyTimestamp: MakeMistakes = ({ signed }) => [
  instead(
    { timestamp: signed.timestamp ?? '' },
    'missing-parameter',
    'the client signed nothing but timestamp',
  ),
];

const wrongOrder: MakeMistakes = (view) =>
  [view.order, [...view.order].reverse()].map((names) => ({
    text: joined(view, names),
    means: finding('order', 'the client signed the parameters unsorted: they are sorted by name'),
  }));

const wrongSeparators: MakeMistakes = (view) => {
  const sorted = Object.keys(view.signed).sort();
  const means = finding(
    'separator',
    'the client joined the parameters wrongly: name=value, joined by &, the secret right behind',
  );
  return ['', ',', '|', '\n']
    .map((separator) => ({ text: joined(view, sorted, separator), means }))
    .concat(['&', '?', '\n', ':'].map((end) => ({ text: `${joined(view, sorted)}${end}`, means })));
};

const wrongEncoding: MakeMistakes = ({ signed }) =>
  [
    orSame(encodeURIComponent),
    orSame(encodeURI),
    (value: string) => new URLSearchParams([['', value]]).toString().slice(1),
    orSame(decodeURIComponent),
    (value: string) => value.trim(),
    (value: string) => value.replaceAll('+', ' '),
    (value: string) => value.normalize('NFC'),
    (value: string) => value.normalize('NFD'),
  ].map((change) =>
    instead(
      mapValues(signed, change),
      'encoding',
      'the client signed the values in another encoding than it sent: they are signed as they are after form decoding',
    ),
  );

const wrongLists: MakeMistakes = ({ signed, lists }) => {
  const forms: readonly ((list: readonly string[]) => string)[] = [
    (list) => JSON.stringify(list),
    (list) => list.join(', '),
    (list) => list.join('|'),
    (list) => list.at(-1) ?? '',
    (list) => list[0] ?? '',
  ];
  const names = Object.keys(signed).filter((name) => name in lists || signed[name]?.includes(','));
  const means = (name: string) =>
    `the client signed ${name} in another list form: the items are joined by a comma under the bare name`;
  return names.flatMap((name) => {
    const list = lists[name] ?? signed[name]?.split(',') ?? [];
    return [
      ...forms.map((form) => instead({ ...signed, [name]: form(list) }, 'array-form', means(name), name)),
      instead({ ...without(signed, name), [`${name}[]`]: list.join(',') }, 'array-form', means(name), name),
    ];
  });
};

const wrongVersion: MakeMistakes = ({ signed }) => [
  {
    text: stringToSign(signed, 1),
    means: finding(
      'version-1',
      'the client signed version 1: a & in a value must become %26 (or allow version 1 for the key)',
    ),
  },
];

const wrongTimeUnit: MakeMistakes = ({ signed }) => {
  const { timestamp = '' } = signed;
  if (!/^\d{1,13}$/.test(timestamp)) return [];
  const other = timestamp.length === 13 ? timestamp.slice(0, 10) : `${timestamp}000`;
  return [
    instead(
      { ...signed, timestamp: other },
      'milliseconds',
      'the client signed and sent the time in different units: seconds in both places',
      'timestamp',
    ),
  ];
};

const emptyValues: MakeMistakes = ({ signed, emptyNames }) => {
  const pairs = [...Object.entries(signed), ...emptyNames.map((name) => [name, ''] as const)];
  const text = pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
  return emptyNames.length === 0
    ? []
    : [
        {
          text,
          means: finding(
            'empty-value',
            `the client signed empty values (${emptyNames.join(', ')}): they are left out`,
          ),
        },
      ];
};

const booleanForms: Readonly<Record<string, readonly string[]>> = {
  true: ['1', 'True'],
  false: ['0', 'False'],
  '1': ['true'],
  '0': ['false'],
};
const wrongBooleans: MakeMistakes = ({ signed }) =>
  Object.entries(signed).flatMap(([name, value]) =>
    (Object.hasOwn(booleanForms, value) ? (booleanForms[value] ?? []) : []).map((other) =>
      instead(
        { ...signed, [name]: other },
        'boolean-form',
        `the client signed ${name} as ${other} and sent ${value}`,
        name,
      ),
    ),
  );

/** The usual ways to sign something else than was sent, most telling first. */
export const mistakes: readonly MakeMistakes[] = [
  wrongVersion,
  signedTooMuch,
  wrongTimeUnit,
  wrongLists,
  wrongBooleans,
  emptyValues,
  wrongOrder,
  wrongSeparators,
  wrongEncoding,
  signedTooLittle,
  onlyTimestamp,
];

/** Lone surrogates cannot be encoded, and not every percent sign can be decoded. */
function orSame(change: (value: string) => string): (value: string) => string {
  return (value) => {
    try {
      return change(value);
    } catch {
      return value;
    }
  };
}
