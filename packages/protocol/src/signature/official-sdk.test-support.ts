import { v2 as cloudinary } from 'cloudinary';
import type { SignatureAlgorithm, SignatureVersion } from './algorithms.js';

/** Functions of the official SDK (2.11.0) that its own types leave out or narrow, as its code has them. */
interface SignatureFunctions {
  api_sign_request(
    params: object,
    secret: string,
    algorithm?: SignatureAlgorithm | null,
    version?: SignatureVersion | null,
  ): string;
  compute_hash(text: string, algorithm: SignatureAlgorithm, encoding: 'hex'): string;
  generate_auth_token(options: object): string;
  verifyNotificationSignature(body: string, timestamp: number, signature: string): boolean;
  verify_api_response_signature(publicId: string, version: number, signature: string): boolean;
  webhook_signature(body: string, timestamp: number, options: object): string;
}

export { cloudinary };
export const sdk = cloudinary.utils as unknown as SignatureFunctions;
