import type { CloudinaryConfig } from '../cloudinary-config.js';

const originalHost = 'res.cloudinary.com';

/** Scheme and host, and the path's cloud name; empty where the host says it already. Without any host, that of the Upload API. */
export function deliveryBase({ cloudName = '', url = {}, apiUrl }: CloudinaryConfig): {
  readonly base: string;
  readonly cloud: string;
} {
  const { secure = true, cname, secureDistribution, privateCdn = false } = url;
  const cloud = privateCdn ? '' : cloudName;
  const own = secure ? secureDistribution : cname;
  if (own) return { base: `${secure ? 'https' : 'http'}://${own}`, cloud };
  if (apiUrl) return { base: apiUrl.replace(/\/+$/, ''), cloud: cloudName };
  const host = privateCdn ? `${cloudName}-${originalHost}` : originalHost;
  return { base: `${secure ? 'https' : 'http'}://${host}`, cloud };
}
