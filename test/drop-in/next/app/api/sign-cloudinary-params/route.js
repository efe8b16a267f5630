import { v2 as cloudinary } from 'cloudinary';

cloudinary.config({
  cloud_name: process.env.NEXT_PUBLIC_CLOUDINARY_CLOUD_NAME,
  api_key: process.env.CLOUDINARY_API_KEY,
  api_secret: process.env.CLOUDINARY_API_SECRET,
});

export async function POST(request) {
  const body = await request.json();
  const { paramsToSign } = body;

  // Validate input
  if (!paramsToSign || typeof paramsToSign !== 'object') {
    return Response.json({ error: 'Invalid parameters' }, { status: 400 });
  }

  try {
    const signature = cloudinary.utils.api_sign_request(paramsToSign, process.env.CLOUDINARY_API_SECRET);

    return Response.json({ signature });
  } catch (error) {
    console.error('Cloudinary signature error:', error);
    return Response.json({ error: 'Failed to generate upload signature' }, { status: 500 });
  }
}
