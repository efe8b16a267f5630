/** What the original's URL builders say of themselves in `?_a=`. Ours say it only when they are asked to; our server does not read it. */
export interface AnalyticsOptions {
  readonly sdkCode?: string | undefined;
  readonly sdkSemver?: string | undefined;
  /** Of the framework; its patch number is left out. */
  readonly techVersion?: string | undefined;
  readonly product?: string | undefined;
  readonly feature?: string | undefined;
}

const algorithm = 'B';
/** What a version that does not fit is said to be. */
const failed = 'E';
const bitsPerCharacter = 6;
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The token of an analytics object (widgets reference, section 3.6), equal to that of url-loader. */
export function analyticsToken({
  sdkCode = 'A',
  sdkSemver = '0.0.0',
  techVersion = '0.0.0',
  product = 'A',
  feature = '0',
}: AnalyticsOptions): string {
  const versions = [sdkSemver, techVersion.split('.').slice(0, 2).join('.')].map(encodeVersion);
  return versions.includes(null) ? failed : [algorithm, product, sdkCode, ...versions, feature].join('');
}

/** Parts in reverse, two digits each, as one number in base 64: one character for each part. Null when it needs more. */
function encodeVersion(version: string): string | null {
  const parts = version.split('.');
  const number = Number(
    parts
      .reverse()
      .map((part) => part.padStart(2, '0'))
      .join(''),
  );
  const bits = number.toString(2).padStart(parts.length * bitsPerCharacter, '0');
  if (Number.isNaN(number) || bits.length > parts.length * bitsPerCharacter) return null;
  return (bits.match(/.{6}/g) ?? []).map((six) => digits[Number.parseInt(six, 2)]).join('');
}
