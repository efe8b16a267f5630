import { v2 as cloudinary } from 'cloudinary';
import express from 'express';

export const app = express().use(express.json());

app.post('/api/sign', (req, res) => {
  const { api_secret } = cloudinary.config();
  res.json({ signature: cloudinary.utils.api_sign_request(req.body.paramsToSign, api_secret) });
});
