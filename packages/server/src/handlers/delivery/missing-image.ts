/** What a missing image is answered with beside its 404: one transparent pixel (transformations reference, section 1.14). */
export const missingImage = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
export const missingImageType = 'image/gif';
