import type { CloudinaryConfig } from './cloudinary-config.js';

declare global {
  interface ImportMeta {
    /** Vite puts the values in when it builds; elsewhere there are none. */
    readonly env?: Readonly<Record<string, string | undefined>>;
  }
}

/**
 * What the environment says (widgets reference, section 3.3). Each name is written out, because Vite replaces names and not look-ups.
 * `PUBLIC_…`, of version 1, is seen where `envPrefix` lets Vite pass it on.
 */
export function environmentConfig(): CloudinaryConfig {
  return {
    cloudName:
      import.meta.env?.VITE_CLOUDINARY_CLOUD_NAME ||
      import.meta.env?.VITE_PUBLIC_CLOUDINARY_CLOUD_NAME ||
      import.meta.env?.PUBLIC_CLOUDINARY_CLOUD_NAME,
    apiKey:
      import.meta.env?.VITE_CLOUDINARY_API_KEY ||
      import.meta.env?.VITE_PUBLIC_CLOUDINARY_API_KEY ||
      import.meta.env?.PUBLIC_CLOUDINARY_API_KEY,
    uploadPreset:
      import.meta.env?.VITE_CLOUDINARY_UPLOAD_PRESET ||
      import.meta.env?.VITE_PUBLIC_CLOUDINARY_UPLOAD_PRESET ||
      import.meta.env?.PUBLIC_CLOUDINARY_UPLOAD_PRESET,
    apiUrl: import.meta.env?.VITE_CLOUDINARY_API_URL || import.meta.env?.PUBLIC_CLOUDINARY_API_URL,
    url: {
      secureDistribution:
        import.meta.env?.VITE_CLOUDINARY_SECURE_DISTRIBUTION ||
        import.meta.env?.PUBLIC_CLOUDINARY_SECURE_DISTRIBUTION,
      privateCdn:
        isSwitchedOn(import.meta.env?.VITE_CLOUDINARY_PRIVATE_CDN) ??
        isSwitchedOn(import.meta.env?.PUBLIC_CLOUDINARY_PRIVATE_CDN),
    },
  };
}

/** The original takes every text that is not empty for yes; `false` and `0` are meant as they read. */
function isSwitchedOn(text: string | undefined): boolean | undefined {
  return text === undefined || text === '' ? undefined : !/^(false|0|no|off)$/i.test(text);
}
