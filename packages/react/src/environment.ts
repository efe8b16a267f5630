import type { ComponentConfig } from '@counterseal/widget/components';

/** Absent in many pages; bundlers put values in the place of the whole expressions below. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/**
 * What the build of the application says, by the names of the original (widgets reference, section 3.3), and our own for the origin
 * of the Upload API. Each expression stands in full: bundlers replace it by its text.
 */
const variables = {
  cloudName: () => process.env.NEXT_PUBLIC_CLOUDINARY_CLOUD_NAME,
  apiKey: () => process.env.NEXT_PUBLIC_CLOUDINARY_API_KEY,
  uploadPreset: () => process.env.NEXT_PUBLIC_CLOUDINARY_UPLOAD_PRESET,
  apiUrl: () => process.env.NEXT_PUBLIC_COUNTERSEAL_API_URL,
} as const satisfies Readonly<Record<string, () => string | undefined>>;

export function environmentConfig(): ComponentConfig {
  return Object.fromEntries(
    Object.entries(variables).map(([name, read]) => [name, textOf(read)] as const),
  ) satisfies ComponentConfig;
}

/** Undefined where nobody has replaced the expression and there is no `process`. */
function textOf(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
