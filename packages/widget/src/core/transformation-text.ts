type Step = Readonly<Record<string, unknown>>;

/** Where the first letter is not the short name (transformations reference, section 2). */
const shortNames: Readonly<Record<string, string>> = {
  aspect_ratio: 'ar',
  border: 'bo',
  color: 'co',
  color_space: 'cs',
  delay: 'dl',
  density: 'dn',
  flags: 'fl',
  overlay: 'l',
  page: 'pg',
};

/** Names of up to three letters are short already. */
const shortName = (name: string) => (name.length > 3 ? (shortNames[name] ?? name.charAt(0)) : name);

/** A transformation as it stands in an address: texts as they are, maps of long or short names, and chains of both. */
export function transformationText(given: unknown): string {
  return [given]
    .flat()
    .map((step) =>
      typeof step === 'string'
        ? step
        : Object.entries(step as Step)
            .map(([name, value]) => `${shortName(name)}_${value}`)
            .sort()
            .join(','),
    )
    .join('/');
}

/** `eager`: "separated by `|`; each may end in `/<ext>`" (transformations reference, section 1.8). */
export function eagerText(given: unknown): string {
  return [given]
    .flat()
    .map((each) => {
      const { format = null, ...step } =
        Array.isArray(each) || typeof each === 'string' ? {} : (each as Step);
      return format === null ? transformationText(each) : `${transformationText(step)}/${format}`;
    })
    .join('|');
}
